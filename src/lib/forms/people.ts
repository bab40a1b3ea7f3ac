import { z } from 'zod';
import { plans, roles } from './kinds.ts';
import { emailField, languageField, passwordField, textField } from './fields.ts';

const person = {
  name: textField(80),
  email: emailField,
  role: z.enum(roles, 'required'),
  plan: z.enum(plans, 'required'),
  language: languageField
};
export const userForm = z.object(person);
export const createUserForm = z.object({
  ...person,
  role: person.role.default('agent'),
  plan: person.plan.default('pro'),
  language: languageField.default('sv'),
  password: passwordField
});
export const passwordForm = z.object({ password: passwordField });
/** Empty: none. */
export const mobileForm = z.object({ number: z.string('required').trim().max(40, 'too-long:40') });
export const activeForm = z.object({ active: z.boolean() });

export const signInForm = z.object({
  email: z.string('required').trim().min(1, 'required').max(254, 'too-long:254'),
  password: z.string('required').min(1, 'required').max(200, 'too-long:200')
});

export const organizationForm = z.object({
  name: textField(80),
  timeZone: textField(64),
  country: z.string('required').regex(/^[A-Z]{2}$/, 'country'),
  language: languageField
});
