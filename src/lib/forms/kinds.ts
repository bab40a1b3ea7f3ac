/** Choices that pages list too, without bringing zod to the browser. */
export const queueKinds = ['plus', 'attendant', 'basic'] as const;
export const distributions = ['longest-idle', 'fair', 'parallel'] as const;
export const roles = ['agent', 'supervisor', 'administrator'] as const;
export const plans = ['standard', 'pro', 'business', 'enterprise'] as const;
