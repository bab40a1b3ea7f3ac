import { z } from 'zod';
import { idField, levelField, textField } from './fields.ts';

export const skillForm = z.object({ name: textField(40) });

export const agentSkillForm = z.object({ userId: idField, skillId: idField, level: levelField.nullable() });
