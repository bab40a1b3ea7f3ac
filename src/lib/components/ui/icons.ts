/** Line icons on a 20-px grid, 1.5 stroke, drawn for us. Each stands beside its word, or has a name where it stands alone. */
export const icons = {
  queues: 'M3 5h14M3 10h14M3 15h9',
  people:
    'M7.5 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM2 16.5c.4-3 2.5-4.7 5.5-4.7s5.1 1.7 5.5 4.7M13 3.8a3 3 0 0 1 0 5.5M15 12.2c1.7.6 2.8 2 3 4.3',
  numbers: 'M7.5 3 6 17M14 3l-1.5 14M3.5 7.5h14M2.5 12.5h14',
  hours: 'M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15ZM10 6v4.2l2.8 1.8',
  sound: 'M3 8v4h2.8L10 15.5v-11L5.8 8H3ZM13 7.5a3.5 3.5 0 0 1 0 5M15.3 5a7 7 0 0 1 0 10',
  edit: 'M4 16l.7-3.2L13.4 4a1.8 1.8 0 0 1 2.6 2.6l-8.8 8.7L4 16Z',
  check: 'M4 10.5 8 14.5 16 5.5',
  close: 'M5 5l10 10M15 5 5 15',
  more: 'M4.5 10h.01M10 10h.01M15.5 10h.01',
  plus: 'M10 4v12M4 10h12',
  minus: 'M4 10h12',
  right: 'M8 5l5 5-5 5',
  down: 'M5 8l5 5 5-5',
  up: 'M5 12l5-5 5 5',
  undo: 'M7.5 4 4 7.5 7.5 11M4.5 7.5H12a4 4 0 0 1 0 8H8',
  search: 'M9 14.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11ZM13 13l4 4',
  globe:
    'M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15ZM2.5 10h15M10 2.5c2.2 2.2 3.2 4.6 3.2 7.5s-1 5.3-3.2 7.5c-2.2-2.2-3.2-4.6-3.2-7.5s1-5.3 3.2-7.5Z',
  forward: 'M4 16v-3.5A4.5 4.5 0 0 1 8.5 8H16M12 4l4 4-4 4',
  phone:
    'M5.2 3.5 7.5 3l1.7 3.7-1.9 1.5c.8 1.9 2.5 3.6 4.5 4.5l1.5-1.9L17 12.5l-.5 2.3c-.2 1-1 1.7-2 1.7C8.5 16.5 3.5 11.5 3.5 5.5c0-1 .7-1.8 1.7-2Z',
  out: 'M8 3.5H4.5v13H8M12.5 6.5 16 10l-3.5 3.5M16 10H8'
} as const;

export type IconName = keyof typeof icons;
