/** Options that all orgs of a platform share: constants of the product, with the same ids everywhere. */
export const constantOptions: Readonly<Record<string, readonly (readonly [number | string, string])[]>> = {
  incidentStatuses: [
    ['A', 'Active'],
    ['C', 'Closed'],
  ],
  taskStatuses: [
    ['O', 'Open'],
    ['C', 'Closed'],
  ],
  nist: [
    [2, 'Attrition (Denial-of-Service and Brute-Force Attacks)'],
    [4, 'E-mail'],
    [1, 'External/Removable Media'],
    [5, 'Impersonation'],
    [6, 'Improper Usage'],
    [7, 'Loss or Theft of Equipment'],
    [8, 'Other'],
    [3, 'Web'],
  ],
  dataFormats: [
    [0, 'Electronic'],
    [1, 'Paper'],
    [2, 'Verbal'],
  ],
  noYes: [
    [0, 'NO'],
    [1, 'YES'],
  ],
  gdprRisks: [
    [0, 'NoRisk'],
    [1, 'Risk'],
    [2, 'HighRisk'],
  ],
  breachCircumstances: [
    [1, 'Confidentiality Breach'],
    [2, 'Integrity Breach'],
    [3, 'Availability Breach'],
  ],
  harmStatuses: [
    [1, 'No'],
    [2, 'Unknown'],
    [3, 'Yes'],
  ],
  crimeStatuses: [
    [1, 'No'],
    [2, 'Yes'],
    [3, 'Yes - Freeze Tasks'],
    [4, 'Completed'],
    [5, 'Unknown'],
  ],
  states: [
    [1, 'Alabama'],
    [2, 'Alaska'],
    [6, 'California'],
    [33, 'New York'],
    [1003, 'Alberta'],
    [1010, 'British Columbia'],
  ],
  countries: [
    [1000, 'United States'],
    [1001, 'Canada'],
    [1017, 'Afghanistan'],
    [1018, 'Albania'],
    [1019, 'Algeria'],
    [1261, 'Åland Islands'],
  ],
};

/** Options that an administrator may change: their ids differ between orgs (idBase is added). */
export const orgOptions: Readonly<Record<string, readonly (readonly [number, string])[]>> = {
  severities: [
    [4, 'Low'],
    [5, 'Medium'],
    [6, 'High'],
  ],
  resolutions: [
    [7, 'Unresolved'],
    [8, 'Duplicate'],
    [9, 'Not an Issue'],
    [10, 'Resolved'],
  ],
  exposureTypes: [
    [2, 'External Party'],
    [3, 'Individual'],
    [1, 'Unknown'],
  ],
  scores: [
    [11, 'Benign'],
    [12, 'Low'],
    [13, 'Medium'],
    [14, 'High'],
    [15, 'Critical'],
  ],
  harmRisks: [
    [16, 'Low Risk'],
    [17, 'Risk'],
    [18, 'High Risk'],
  ],
  lawfulCategories: [
    [19, 'Consent by data subject'],
    [20, 'Performance of contract'],
    [21, 'Compliance with legal obligation'],
    [22, 'Protection of vital interests of data subject'],
    [23, 'Public interest or official authority'],
    [24, 'Legitimate interests of data controller or third party'],
  ],
  taskCategories: [
    [2, 'Data Breach - Authority Notifications'],
    [3, 'Data Breach - General'],
    [1, 'Data Breach - Individual Notifications'],
    [4, 'Data Breach - Organizational'],
  ],
  phases: [
    [1004, 'Initial'],
    [1000, 'Engage'],
    [1003, 'Detect/Analyze'],
    [1006, 'Respond'],
    [1002, 'Post-Incident'],
    [1001, 'Custom'],
    [1005, 'Complete'],
  ],
  incidentTypes: [
    [17, 'Communication error (fax; email)'],
    [1002, 'Customization Packages (internal)'],
    [21, 'Denial of Service'],
    [6, 'Improper disposal: digital asset(s)'],
    [7, 'Improper disposal: documents / files'],
    [4, 'Lost documents / files / records'],
    [3, 'Lost PC / laptop / tablet'],
    [1, 'Lost PDA / smartphone'],
    [8, 'Lost storage device / media'],
    [19, 'Malware'],
    [23, 'Not an Issue'],
    [18, 'Other'],
    [22, 'Phishing'],
    [11, 'Stolen documents / files / records'],
    [12, 'Stolen PC / laptop / tablet'],
    [13, 'Stolen PDA / smartphone'],
    [14, 'Stolen storage device / media'],
    [20, 'System Intrusion'],
    [16, 'TBD / Unknown'],
    [15, 'Vendor / 3rd party error'],
  ],
};

/** Built-in options that the platform ships disabled. */
export const disabledOptions: ReadonlySet<string> = new Set(['Customization Packages (internal)']);
/** Built-in options marked as the default of their field. */
export const defaultOptions: ReadonlySet<string> = new Set(['severities:Low']);
