/**
 * Lists that are combined at random. Any likeness of a pair to somebody is chance: nobody here is taken from a real list.
 */

// oxfmt-ignore
export const firstNames: readonly string[] = [
  'Ada', 'Alex', 'Amara', 'Ana', 'André', 'Ari', 'Bao', 'Bea', 'Blake', 'Casey', 'Chloé', 'Dana', 'Devon', 'Eli', 'Elena', 'Emre',
  'Fatima', 'Finn', 'Gael', 'Grace', 'Hana', 'Hugo', 'Ines', 'Iris', 'Jamie', 'Jin', 'Joaquín', 'Jordan', 'José', 'Kai', 'Kiran', 'Lee',
  'Leila', 'Luca', 'Mai', 'Marta', 'Micah', 'Mina', 'Morgan', 'Nadia', 'Niko', 'Noa', 'Omar', 'Pat', 'Priya', 'Quinn', 'Ravi', 'Renée',
  'Robin', 'Rosa', 'Sam', 'Sofía', 'Tariq', 'Tess', 'Uma', 'Val', 'Wren', 'Yara', 'Zain', 'Zoë',
]

// oxfmt-ignore
export const lastNames: readonly string[] = [
  'Abara', 'Adeyemi', 'Baker', 'Banerjee', 'Bell', 'Brooks', 'Castillo', 'Chen', 'Clarke', 'Cruz', "D'Amico", 'Diaz', 'Dubois', 'Evans',
  'Farah', 'Fischer', 'Flores', 'Garcia', 'Grant', 'Haddad', 'Hall', 'Ito', 'Ivanov', 'Jensen', 'Johnson', 'Kaur', 'Kim', 'Klein', 'Lopez',
  'Mäkinen', 'Mbeki', 'Moreau', 'Muñoz', 'Nakamura', 'Nguyen', "O'Brien", "O'Neill", 'Okafor', 'Olsen', 'Ortiz', 'Park', 'Patel', 'Pérez',
  'Quispe', 'Reyes', 'Rossi', 'Saint-Clair', 'Sato', 'Schmidt', 'Silva', 'Singh', 'Suzuki', 'Tanaka', 'Torres', 'Tran', 'van der Berg',
  'Walker', 'Weber', 'Yılmaz', 'Zhang',
]

export const eventTitles = {
  canvass: ['Weekend canvass', 'Door knock: "First Saturday"', 'Evening doors, north side', 'Lit drop & doors'],
  phone_bank: ['Phone bank', 'Call night, snacks provided', 'Ring-a-thon', 'Callers’ hour'],
  training: ['New volunteer training', 'Canvass captains: how-to', 'Data entry 101'],
  house_party: ['House party', "Neighbors' potluck", 'Porch meeting'],
} as const satisfies Readonly<Record<string, readonly string[]>>

export const contactNotes: readonly string[] = [
  'Wants a yard sign',
  'Call back after 6pm, please',
  'Said "maybe" twice',
  "Can't do weekends",
  'Moved; ask for new address\nneighbor confirmed',
  'Prefers español',
  'Dog in yard, friendly',
  '=asks for equal pay info',
]
