import { redirect } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

const homes = { administrator: '/admin/queues', supervisor: '/wallboard', agent: '/desk' } as const;

export const load: PageServerLoad = ({ locals }) => {
  redirect(303, locals.session ? homes[locals.session.actor.role] : '/sign-in');
};
