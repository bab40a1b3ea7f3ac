export { createOperations, defineOperation, type Operations, type Outcome, type RunOptions } from './define.ts';
export { OperationError, type OperationCode } from './error.ts';
export { updateOrganization } from './organization.ts';
export { createUser, resetPassword, setUserActive, updateUser } from './users.ts';
export {
  addDeskPhone,
  addOwnDeskPhone,
  changeSoftphonePassword,
  removeDeskPhone,
  removeOwnDeskPhone,
  setMobile,
  setOwnMobile
} from './devices.ts';
export { createQueue, furtherAnnouncements, restoreQueue, standardAnnouncements, updateQueue } from './queues.ts';
export { addMember, removeMember, restoreMember } from './members.ts';
export { createNumber, removeNumber, updateNumber } from './numbers.ts';
export { createSkill, removeSkill, renameSkill, setAgentSkill } from './skills.ts';
export { importSound, removeSound, renameSound, restoreSound } from './sounds.ts';
export { createSchedule, removeSchedule, updateSchedule } from './schedules.ts';
export {
  createTemporary,
  removeTemporary,
  switchOffTemporary,
  switchOnTemporary,
  switchTemporaryByPhone,
  undoTemporary,
  updateTemporary
} from './temporary.ts';
export { switchByPhone } from './by-phone.ts';
export { createApiToken, removeApiToken } from './api-tokens.ts';
export { listTemporarySchedules, previewTemporary } from './temporary-api.ts';
export { formatNumber } from './phone.ts';
export { createOrganization, type NewOrganization } from './organizations.ts';
export { demoLogins, demoNumbers, seedDemo, type DemoLogin } from './demo.ts';
