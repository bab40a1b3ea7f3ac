import { toast } from 'svelte-sonner';

/**
 * One line, 8 seconds, with *Undo* where the act can be undone. Never for an error: errors stay where they arose.
 * @param undo its label and what it does
 */
export function say(message: string, undo?: { label: string; act: () => void | Promise<void> }): void {
  toast(message, {
    duration: 8000,
    ...(undo && { action: { label: undo.label, onClick: () => void undo.act() } })
  });
}
