/**
 * The built-in fields of a v47 server in a compact notation, one field per line:
 *   name | label | input type | flags | options
 * Flags: `p:x` prefix x, `always`/`close` required, `ro` read-only, `rt` rich text. Options: the name of a set in
 * builtInOptions.ts, or `people`. The order determines the field ids.
 */
export const builtInFields: Readonly<Record<string, string>> = {
  incident: `
    jurisdiction_name | Jurisdiction | text
    nist_attack_vectors | NIST Attack Vectors | multiselect | | nist
    data_compromised | Was personal information or personal data involved? | boolean | p:pii
    state | State | select | | states
    exposure_type_id | Exposure Type | select | | exposureTypes
    addr | Address | text
    city | City | text
    exposure_dept_id | Department | select
    workspace | Workspace | select | always | workspaces
    reporter | Reporting Individual | text
    plan_status | Status | select | | incidentStatuses
    data_source_ids | Source of Data | multiselect | p:pii
    exposure_vendor_id | Vendor | select
    confirmed | Incident Disposition | boolean
    description | Description | textarea | rt
    incident_type_ids | Incident Type | multiselect | | incidentTypes
    name | Name | text | always
    hard_liability | Assessed Liability | number | ro
    phase_id | Phase | select | ro | phases
    data_format | Data Format | select | p:pii | dataFormats
    pipeda_sensitivity_of_pi_comment | PIPEDA Sensitivity of PI Comment | textarea | p:regulator_risk
    pipeda_sensitivity_of_pi | PIPEDA Sensitivity of PI | select | p:regulator_risk | noYes
    pipeda_probability_of_misuse_comment | PIPEDA Probability of Misuse Comment | textarea | p:regulator_risk
    pipeda_probability_of_misuse | PIPEDA Probability of Misuse | select | p:regulator_risk | noYes
    pipeda_other_factors_comment | PIPEDA Other Factors Comment | textarea | p:regulator_risk
    pipeda_other_factors | PIPEDA Other Factors | select | p:regulator_risk | noYes
    pipeda_overall_assessment_comment | PIPEDA Overall Assessment Comment | textarea | p:regulator_risk
    pipeda_overall_assessment | PIPEDA Overall Assessment | select | p:regulator_risk | noYes
    gdpr_breach_circumstances | GDPR Breach Circumstances | multiselect | p:gdpr | breachCircumstances
    gdpr_breach_type | GDPR Breach Type | select | p:gdpr | gdprRisks
    gdpr_breach_type_comment | GDPR Breach Type Comment | textarea | p:gdpr
    gdpr_personal_data | GDPR Personal Data | select | p:gdpr | gdprRisks
    gdpr_personal_data_comment | GDPR Personal Data Comment | textarea | p:gdpr
    gdpr_identification | GDPR Identification | select | p:gdpr | gdprRisks
    gdpr_identification_comment | GDPR Identification Comment | textarea | p:gdpr
    gdpr_consequences | GDPR Consequences | select | p:gdpr | gdprRisks
    gdpr_consequences_comment | GDPR Consequences Comment | textarea | p:gdpr
    gdpr_final_assessment | GDPR Final Assessment | select | p:gdpr | gdprRisks
    gdpr_final_assessment_comment | GDPR Final Assessment Comment | textarea | p:gdpr
    gdpr_subsequent_notification | GDPR Subsequent Notification | boolean | p:gdpr
    alberta_health_risk_assessment | Alberta Health Risk Assessment | boolean | p:pii
    new_zealand_risk_assessment | New Zealand Risk Assessment | boolean | p:pii
    singapore_risk_assessment | Singapore Risk Assessment | boolean | p:pii
    california_health_risk_assessment | California Health Risk Assessment | boolean | p:pii
    data_encrypted | Data Encrypted | boolean | p:pii
    members | Members | multiselect_members | | people
    data_contained | Exposure Resolved | boolean | p:pii
    impact_likely | Impact Likely | boolean | p:pii
    ny_impact_likely | Impact Likely for New York | boolean | p:pii
    or_impact_likely | Impact Likely for Oregon | boolean | p:pii
    wa_impact_likely | Impact Likely for Washington | boolean | p:pii
    dc_impact_likely | Impact Likely for District of Columbia | boolean | p:pii
    discovered_date | Date Discovered | datetimepicker | always
    determined_date | Date Determined | datetimepicker | p:pii
    inc_last_modified_date | Last Modified | datetimepicker | ro
    zip | Zip | text
    exposure_individual_name | Individual Name | text
    country | Country/Region | select | | countries
    harmstatus_id | Is harm/risk/misuse foreseeable? | select | p:pii | harmStatuses
    negative_pr_likely | Negative PR | boolean
    owner_id | Owner | select_owner | | people
    employee_involved | Employee Involved | boolean
    crimestatus_id | Criminal Activity | select | | crimeStatuses
    start_date | Date Occurred | datetimepicker
    severity_code | Severity | select | | severities
    resolution_id | Resolution | select | close | resolutions
    resolution_summary | Resolution Summary | textarea | close rt
    inc_training | Simulation | boolean | ro
    create_date | Date Created | datetimepicker | ro
    end_date | Date Closed | datetimepicker | ro
    creator_id | Created By | select_owner | ro | people
    id | ID | number | ro
    due_date | Next Due Date | datetimepicker | ro
    score | Automated Severity | select | ro | scores
    cumulative_score | XDR Severity Score | number | ro
    automatic_score | Automatic Score | number | ro
    gdpr_harm_risk | Risk of Harm | select | p:pii | harmRisks
    gdpr_lawful_data_processing_categories | Lawful Data Processing Categories | multiselect | p:pii | lawfulCategories
    org_handle | Organization | select | ro | orgs
    sequence_code | Sequence Code | text | ro`,
  task: `
    required | Required | boolean
    due_date | Due Date | datetimepicker
    active | Active | boolean | ro
    status | Status | select | | taskStatuses
    closed_date | Date Closed | datetimepicker | ro
    phase_id | Phase | select | | phases
    category_id | Category | select | | taskCategories
    owner_id | Owner | select_owner | | people
    name | Name | text | always
    inc_name | Incident name | text | ro
    description | Description | textarea
    members | Members | multiselect_members | | people
    instr_text | Instructions (Deprecated) | textarea
    id | ID | number | ro
    private | Private | boolean
    instructions | Instructions | textarea | rt
    custom | Custom Task | boolean | ro
    cat_name | Category name | text | ro
    init_date | Date Task Initiated | datetimepicker | ro
    at_id | Automatic Task ID | number | ro
    notes_count | Notes count | number | ro
    attachments_count | Attachment count | number | ro`,
  note: `
    text | Text | textarea | rt
    mentioned_users | Mentioned users | multiselect_members | ro | people
    user_id | User | select_user | ro | people
    create_date | Date Created | datetimepicker | ro`,
  milestone: `
    title | Title | text | always
    description | Description | textarea
    date | Date | datetimepicker | always`,
  artifact: `
    type | Type | select | ro | artifactTypes
    value | Value | text | ro
    description | Description | textarea
    hits | Threat Source Hits | none | ro
    relating | Relating | boolean
    created | Date Created | datetimepicker | ro
    attachment | Attachment | nested_collection | ro
    inc_id | Incident ID | number | ro
    id | Artifact ID | number | ro
    source | Source | boolean | p:ip
    destination | Destination | boolean | p:ip
    last_modified_time | Last Modified | datetimepicker | ro
    tags | Tags | multiselect_tagref | p:global_info ro
    scan_option | Scan threat source | select | p:global_info ro
    relating_incidents | Relating incidents | boolean | p:global_info ro
    summary | Summary | textarea | p:global_info ro
    first_associated_time | First seen | datetimepicker | p:global_info ro
    last_associated_time | Last seen | datetimepicker | p:global_info ro
    related_incident_count | Related incident count | number | p:global_info ro
    score | XDR Severity | text | always ro
    cumulative_score | XDR Severity Score | number | ro
    automatic_score | Automatic Score | number | ro`,
  attachment: `
    id | ID | number | ro
    inc_id | Incident ID | number | ro
    task_id | Automatic Task ID | number | ro
    name | Name | text | ro
    content_type | Content Type | text | ro
    size | Size | number | ro
    created | Date Created | datetimepicker | ro
    creator_id | Creator | select_user | ro | people`,
  __emailmessage: `
    id | ID | number | ro
    from | From | nested_collection | ro
    to | To | nested_collection | ro
    cc | Cc | nested_collection | ro
    subject | Subject | text | ro
    body | Body | textarea | ro
    sent_date | Sent Date | datetimepicker | ro
    received_date | Received Date | datetimepicker | ro
    inbound_mailbox | Inbound Mailbox | select | ro
    headers | Headers | nested_collection | ro
    attachments | Attachments | nested_collection | ro`,
};

/** Every built-in type of a v47 server: type name, id, display name, parents. */
export const builtInTypes: readonly (readonly [name: string, id: number, label: string, parents: readonly string[]])[] =
  [
    ['incident', 0, 'Incident', []],
    ['task', 1, 'Task', ['incident']],
    ['note', 2, 'Note', ['incident', 'task']],
    ['milestone', 3, 'Milestone', ['incident']],
    ['artifact', 4, 'Artifact', ['incident']],
    ['attachment', 5, 'Attachment', ['incident', 'task']],
    ['actioninvocation', 6, 'Action Invocation', []],
    ['organization', 7, 'Organization', []],
    ['__layout', 9, 'Layout', []],
    ['__messagedestination', 10, 'Message Destination', []],
    ['__function', 11, 'Function', []],
    ['__workspace', 12, 'Workspace', []],
    ['__emailmessage', 13, 'Email Message', []],
    ['__user', 14, 'User', []],
    ['__invitation', 15, 'Invitation', []],
    ['__usergroup', 16, 'User Group', []],
    ['__principal', 17, 'Principal', []],
    ['__apikey', 18, 'Api Key', []],
    ['__system', 19, 'System', []],
    ['__globalartifact', 20, 'Global Artifact', []],
    ['__playbook', 21, 'Playbook', []],
    ['__playbookexecdetail', 22, 'Playbook Execution Detail', []],
    ['__tag', 23, 'Tag', []],
    ['__script', 24, 'Script', []],
    ['__inbounddestination', 25, 'Inbound Destination', []],
    ['__hit', 26, 'Hit', []],
    ['__artifacttype', 27, 'Artifact Type', []],
    ['__finding', 29, 'Finding', []],
  ];

/** In no schema, but in every incident body (IBM Data Feed guide: an edit of only these sends no message). */
export const hipaaFields: readonly string[] = ['adverse', 'misused', 'acquired', 'additional_misuse', 'breach'].flatMap(
  (name) => [`hipaa_${name}`, `hipaa_${name}_comment`],
);
