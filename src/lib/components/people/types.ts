export type PersonValues = {
  name: string;
  email: string;
  role: 'administrator' | 'supervisor' | 'agent';
  plan: 'standard' | 'pro' | 'business' | 'enterprise';
  language: 'sv' | 'en';
};
