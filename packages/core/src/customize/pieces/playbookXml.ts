export interface PlaybookParts {
  /** `playbook_` and the uuid, with underscores. */
  readonly handle: string;
  readonly functionUuid: string;
  readonly functionLabel: string;
  readonly scriptUuid: string;
  readonly scriptName: string;
}

/** A box of the drawing: the element, and where it stands. */
interface Box {
  readonly id: string;
  readonly y: number;
  readonly height: number;
  readonly width: number;
}

const CENTRE = 740;
const START: Box = { id: 'StartEvent_1', y: 65, height: 52, width: 188 };
const CALL: Box = { id: 'ServiceTask_1', y: 178, height: 84, width: 196 };
const NOTE: Box = { id: 'ScriptTask_1', y: 318, height: 84, width: 196 };
const END: Box = { id: 'EndPoint_1', y: 444, height: 52, width: 132 };
const FLOWS = [
  { id: 'Flow_1', from: START, to: CALL },
  { id: 'Flow_2', from: CALL, to: NOTE },
  { id: 'Flow_3', from: NOTE, to: END },
];

/** Copies the form into the inputs. */
const INPUTS = [
  'inputs.df_min_incident_id = playbook.inputs.minimum_incident_id',
  'inputs.df_max_incident_id = playbook.inputs.maximum_incident_id',
  'inputs.df_query_api_method = playbook.inputs.query_api_method',
];

/** The process in BPMN 2.0, with the platform's own elements: start, the function, the script, end. */
export function playbookXml({ handle, functionUuid, functionLabel, scriptUuid, scriptName }: PlaybookParts): string {
  const call = JSON.stringify({
    inputs: {},
    pre_processing_script: INPUTS.join('\n'),
    pre_processing_script_language: 'python3',
    result_name: 'sync_incident_results',
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"',
    ' xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"',
    ' xmlns:omgdc="http://www.omg.org/spec/DD/20100524/DC" xmlns:omgdi="http://www.omg.org/spec/DD/20100524/DI"',
    ' xmlns:resilient="http://resilient.ibm.com/bpmn" xmlns:xsd="http://www.w3.org/2001/XMLSchema"',
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="http://www.camunda.org/test">',
    `<process id="${handle}" isExecutable="true" name="${handle}"><documentation/>`,
    `<startEvent id="${START.id}"><outgoing>Flow_1</outgoing></startEvent>`,
    `<serviceTask id="${CALL.id}" name="${escaped(functionLabel)}" resilient:type="function"><extensionElements>`,
    `<resilient:function uuid="${functionUuid}">${escaped(call)}</resilient:function></extensionElements>`,
    '<incoming>Flow_1</incoming><outgoing>Flow_2</outgoing></serviceTask>',
    `<scriptTask id="${NOTE.id}" name="${escaped(scriptName)}"><extensionElements>`,
    `<resilient:script uuid="${scriptUuid}"/></extensionElements>`,
    '<incoming>Flow_2</incoming><outgoing>Flow_3</outgoing><script>script</script></scriptTask>',
    `<endEvent id="${END.id}" resilient:documentation="End point"><incoming>Flow_3</incoming></endEvent>`,
    ...FLOWS.map(({ id, from, to }) => `<sequenceFlow id="${id}" sourceRef="${from.id}" targetRef="${to.id}"/>`),
    '</process><bpmndi:BPMNDiagram id="BPMNDiagram_1">',
    `<bpmndi:BPMNPlane bpmnElement="${handle}" id="BPMNPlane_1">`,
    ...FLOWS.map(({ id, from, to }) => edge(id, from, to)),
    ...[START, CALL, NOTE, END].map(shape),
    '</bpmndi:BPMNPlane></bpmndi:BPMNDiagram></definitions>',
  ].join('');
}

function edge(id: string, from: Box, to: Box): string {
  const point = (y: number): string => `<omgdi:waypoint x="${CENTRE}" y="${y}"/>`;
  const points = point(from.y + from.height) + point(to.y);
  return `<bpmndi:BPMNEdge bpmnElement="${id}" id="${id}_di">${points}</bpmndi:BPMNEdge>`;
}

function shape({ id, y, height, width }: Box): string {
  const bounds = `<omgdc:Bounds height="${height}" width="${width}" x="${CENTRE - width / 2}" y="${y}"/>`;
  return `<bpmndi:BPMNShape bpmnElement="${id}" id="${id}_di">${bounds}</bpmndi:BPMNShape>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
