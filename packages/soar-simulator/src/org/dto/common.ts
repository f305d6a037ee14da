/** A select value on write: an option id, a label or name, or an object with one of them. */
export type Handle = number | string | { id: number | string } | { name: string };

/** Rich text on write. A plain read returns the string. */
export type RichText = string | { format: 'html' | 'text' | 'unknown'; content: string | null };

export interface PrincipalDto {
  id: number;
  type: 'user' | 'apikey' | 'group' | 'system';
  name: string;
  display_name: string;
}

export interface UserDto {
  id: number;
  fname: string;
  lname: string;
  display_name: string;
  email: string;
  status: 'A' | 'I';
  locked: boolean;
  is_external: boolean;
  password_changed: boolean;
  cell: string;
  phone: string;
  title: string;
  notes: string | null;
  last_login: number | null;
  ui_theme: string;
}

/** A file as an analyst uploads it. */
export interface FileInput {
  name: string;
  contentType?: string;
  content: Buffer;
}
