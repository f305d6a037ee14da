export interface EmailAddress {
  address: string;
  name?: string | null;
}

/** An e-mail message of an incident; the names of its fields are those of type 13 of a v47 server. */
export interface EmailDto {
  id: number;
  from: EmailAddress;
  to: EmailAddress[];
  cc: EmailAddress[];
  subject: string;
  body: string | null;
  sent_date: number | null;
  received_date: number;
  headers: Record<string, string[]>;
  attachments: unknown[];
  inc_id: number;
  [field: string]: unknown;
}

export interface EmailInput {
  from: EmailAddress;
  to?: EmailAddress[];
  cc?: EmailAddress[];
  subject: string;
  body?: string | null;
  sentAtMs?: number;
  headers?: Record<string, string[]>;
}
