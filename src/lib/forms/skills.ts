import { z } from 'zod';
import { idField, textField, wholeNumber } from './fields.ts';

export const skillForm = z.object({ name: textField(40) });

export const agentSkillForm = z.object({ userId: idField, skillId: idField, level: wholeNumber(1, 10).nullable() });
