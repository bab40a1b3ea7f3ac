import { dictionary, type Language } from './language.ts';

type Sentence = (first: string, second: string) => string;

/** Every code a form, an operation or a sign-in can answer with, as a sentence one can act on. */
const sentences = dictionary<Record<string, Sentence>>(
  {
    required: () => 'Fyll i det här fältet',
    'too-long': (max) => `Högst ${max} tecken`,
    'too-many': (max) => `Högst ${max}`,
    number: () => 'Skriv ett heltal',
    between: (min, max) => `Mellan ${min} och ${max}`,
    email: () => 'Skriv en e-postadress, som anna@foretag.se',
    'password-short': (min) => `Minst ${min} tecken`,
    time: () => 'Skriv en tid, som 08:00',
    'after-start': () => 'Slutet måste komma efter början',
    'day-at-most': () => 'Högst 24 timmar i sträck',
    'after-warn': () => 'Måste vara längre än gränsen för gult',
    forbidden: () => 'Din roll får inte göra det här. Be en administratör.',
    'not-found': () => 'Finns inte längre. Ladda om sidan.',
    'bad-input': () => 'Något värde är utanför sina gränser',
    'version-conflict': () =>
      'Någon annan har ändrat under tiden. Ladda om sidan för att se deras värden, och gör sedan din ändring igen.',
    'idempotency-key-reused': () => 'Formuläret är redan skickat. Ladda om sidan.',
    'name-taken': () => 'Namnet är upptaget. Välj ett annat.',
    'email-taken': () => 'Adressen används redan av någon',
    'phone-number-taken': () => 'En annan tillfällig tid har det numret. Välj ett annat.',
    'number-taken': () => 'Numret är redan upplagt i Växel',
    'number-invalid': () => 'Inget möjligt telefonnummer. Skriv till exempel 08-465 004 12 eller +46 8 465 004 12.',
    'time-zone-unknown': () => 'Okänd tidszon. Skriv till exempel Europe/Stockholm.',
    'country-unknown': () => 'Landets helgdagar är inte kända. Välj ett annat.',
    'region-unknown': () => 'Landet har ingen sådan region. Välj en annan.',
    'no-queues': () => 'Inga köer är valda. Välj köer, taggar eller typer först.',
    date: () => 'Skriv ett datum',
    rule: () => 'Regeln hänger inte ihop',
    never: () => 'Det finns ingen sådan dag',
    'schedule-in-use': () => 'En kö följer de här tiderna. Ge kön andra tider först.',
    'skill-needed': (names) => `Behövs av ${names}. Ta bort behovet där först.`,
    'skill-unknown': () => 'En kompetens finns inte längre. Ladda om sidan och välj en annan.',
    'skill-twice': () => 'Samma kompetens står två gånger i steget',
    'needs-start': () => 'Första steget måste börja vid 0 s',
    'needs-order': () => 'Varje steg måste börja senare än det före',
    'plan-too-low': () => 'Licensen räcker inte för den här köns typ. Den kräver Pro, Business eller Enterprise.',
    'not-an-agent': () => 'Bara den som har rollen agent kan svara i en kö',
    'no-softphone': () => 'Bara en aktiv agent har en mjuktelefon',
    'user-inactive': () => 'Personen är avaktiverad',
    'last-administrator': () => 'Organisationen måste ha minst en administratör. Utse en annan först.',
    'country-code': () => 'Skriv ett landsnummer som finns, som 46',
    prefixes: () => 'Skriv början av nummer, som +46, med mellanslag emellan',
    prices: () => 'Skriv par av början och öre, som +467 60, +46 20',
    'number-emergency': () => 'Till nödnummer vidarekopplas inga samtal',
    'number-own': () => 'Numret är organisationens eget och leder till en kö. Skriv mobilens.',
    'number-not-allowed': (prefixes) =>
      `Organisationen tillåter bara nummer som börjar med ${prefixes}. Ändra under Gränser.`,
    'number-not-own': () => 'Bara organisationens egna nummer kan visas',
    'forward-loop': (queues) => `Samtal skulle gå runt: ${queues}. Välj ett annat nummer.`,
    'reopen-below': () => 'Måste vara färre än de som får vänta',
    'not-a-wav': () => 'Filen är inget ljud som Växel kan läsa. Välj en wav-fil.',
    'wav-format': () => 'Ljudet måste vara wav med 8 kHz, 16 bitar och en kanal. På sidan görs det om av sig självt.',
    'wav-empty': () => 'Filen är tom',
    'sound-too-long': (minutes) => `Högst ${minutes} minuter`,
    'too-many-sounds': (most) => `Högst ${most} ljud. Ta bort några först.`,
    'sound-in-use': (queues) => `Spelas i ${queues}. Välj ett annat ljud där först.`,
    'sound-unknown': () => 'Ljudet finns inte längre. Ladda om sidan och välj ett annat.',
    'nothing-to-undo': () => 'Det finns inget att ångra',
    'wrong-credentials': () =>
      'E-post eller lösenord stämmer inte. Försök igen, eller be er administratör om ett nytt lösenord.',
    'too-many-attempts': (minutes) => `För många försök. Vänta ${minutes} min och försök igen.`,
    'token-invalid': () => 'Token saknas, är fel, har gått ut eller är återtagen',
    'too-many-requests': () => 'För många anrop. Vänta så länge som Retry-After säger.',
    'method-not-allowed': () => 'Adressen har inte den metoden',
    'not-json': () => 'Skicka JSON, som application/json',
    unexpected: () => 'Något gick fel hos oss. Försök igen om en stund.'
  },
  {
    required: () => 'Fill in this field',
    'too-long': (max) => `At most ${max} characters`,
    'too-many': (max) => `At most ${max}`,
    number: () => 'Write a whole number',
    between: (min, max) => `Between ${min} and ${max}`,
    email: () => 'Write an e-mail address, such as anna@company.com',
    'password-short': (min) => `At least ${min} characters`,
    time: () => 'Write a time, such as 08:00',
    'after-start': () => 'The end must come after the start',
    'day-at-most': () => 'At most 24 hours at a stretch',
    'after-warn': () => 'Must be longer than the limit for amber',
    forbidden: () => 'Your role may not do this. Ask an administrator.',
    'not-found': () => 'No longer there. Reload the page.',
    'bad-input': () => 'A value is outside its limits',
    'version-conflict': () =>
      'Somebody else has changed this meanwhile. Reload the page to see their values, then make your change again.',
    'idempotency-key-reused': () => 'The form has been sent already. Reload the page.',
    'name-taken': () => 'The name is taken. Choose another.',
    'email-taken': () => 'Somebody uses this address already',
    'phone-number-taken': () => 'Other temporary hours have that number. Choose another.',
    'number-taken': () => 'The number is already in Växel',
    'number-invalid': () => 'No possible phone number. Write for example 08-465 004 12 or +46 8 465 004 12.',
    'time-zone-unknown': () => 'Unknown time zone. Write for example Europe/Stockholm.',
    'country-unknown': () => 'The holidays of this country are not known. Choose another.',
    'region-unknown': () => 'The country has no such region. Choose another.',
    'no-queues': () => 'No queues are chosen. Choose queues, tags or kinds first.',
    date: () => 'Write a date',
    rule: () => 'The rule does not hold together',
    never: () => 'There is no such day',
    'schedule-in-use': () => 'A queue follows these hours. Give the queue other hours first.',
    'skill-needed': (names) => `Needed by ${names}. Remove the need there first.`,
    'skill-unknown': () => 'A skill is no longer there. Reload the page and choose another.',
    'skill-twice': () => 'The same skill stands twice in the step',
    'needs-start': () => 'The first step must start at 0 s',
    'needs-order': () => 'Each step must start later than the one before',
    'plan-too-low': () => 'The licence does not cover this kind of queue. It takes Pro, Business or Enterprise.',
    'not-an-agent': () => 'Only somebody whose role is agent can answer in a queue',
    'no-softphone': () => 'Only an active agent has a softphone',
    'user-inactive': () => 'The person is deactivated',
    'last-administrator': () => 'The organization needs at least one administrator. Appoint another first.',
    'country-code': () => 'Write a country’s code that exists, such as 46',
    prefixes: () => 'Write beginnings of numbers, such as +46, with a space between',
    prices: () => 'Write pairs of a beginning and öre, such as +467 60, +46 20',
    'number-emergency': () => 'No calls are forwarded to emergency numbers',
    'number-own': () => 'The number is the organization’s own and leads to a queue. Write that of the mobile.',
    'number-not-allowed': (prefixes) =>
      `The organization allows only numbers that begin with ${prefixes}. Change it under Limits.`,
    'number-not-own': () => 'Only the organization’s own numbers can be shown',
    'forward-loop': (queues) => `Calls would go round: ${queues}. Choose another number.`,
    'reopen-below': () => 'Must be fewer than may wait',
    'not-a-wav': () => 'The file is no sound that Växel can read. Choose a wav file.',
    'wav-format': () => 'The sound must be wav of 8 kHz, 16 bits and one channel. The page makes it so by itself.',
    'wav-empty': () => 'The file is empty',
    'sound-too-long': (minutes) => `At most ${minutes} minutes`,
    'too-many-sounds': (most) => `At most ${most} sounds. Remove some first.`,
    'sound-in-use': (queues) => `Played in ${queues}. Choose another sound there first.`,
    'sound-unknown': () => 'The sound is no longer there. Reload the page and choose another.',
    'nothing-to-undo': () => 'There is nothing to undo',
    'wrong-credentials': () => 'E-mail or password is wrong. Try again, or ask your administrator for a new password.',
    'too-many-attempts': (minutes) => `Too many attempts. Wait ${minutes} min and try again.`,
    'token-invalid': () => 'The token is missing, wrong, expired or taken back',
    'too-many-requests': () => 'Too many requests. Wait as long as Retry-After says.',
    'method-not-allowed': () => 'The address does not have this method',
    'not-json': () => 'Send JSON, as application/json',
    unexpected: () => 'Something went wrong at our end. Try again in a moment.'
  }
);

/** A code with a name in its sentence, as {@link errorSentence} reads it; the name may have a colon of its own. */
export function errorMessage(code: string, detail?: string): string {
  return detail === undefined ? code : `${code}:${encodeURIComponent(detail)}`;
}

/** The sentence of `code` or `code:parameter:parameter`; of an unknown code, the code itself after a general one. */
export function errorSentence(message: string, language: Language): string {
  const [code = '', first = '', second = ''] = message.split(':').map(decodeURIComponent);
  const sentence = sentences[language][code];
  return sentence ? sentence(first, second) : `${sentences[language].unexpected?.('', '')} (${code})`;
}

export const errorCodes: readonly string[] = Object.keys(sentences.sv);
