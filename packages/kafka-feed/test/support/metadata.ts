import { WireReader, WireWriter } from './wire.js';

export interface Place {
  readonly host: string;
  readonly port: number;
}

/** The metadata response of that version, with the brokers at other places. */
export function withPlaces(frame: Buffer, version: number, placeOf: (node: number) => Place | undefined): Buffer {
  const isCompact = version >= 9;
  const reader = new WireReader(frame);
  const writer = new WireWriter();
  writer.int32(reader.int32());
  if (isCompact) {
    reader.tags();
    writer.uvarint(0);
  }
  if (version >= 3) writer.int32(reader.int32());
  const brokers = reader.list(isCompact, () => {
    const broker = { node: reader.int32(), host: reader.text(isCompact), port: reader.int32() };
    const rack = version >= 1 ? reader.text(isCompact) : null;
    if (isCompact) reader.tags();
    return { ...broker, rack };
  });
  writer.list(brokers, isCompact, ({ node, host, port, rack }) => {
    const place = placeOf(node) ?? { host, port };
    writer.int32(node).text(place.host, isCompact).int32(place.port);
    if (version >= 1) writer.text(rack, isCompact);
    if (isCompact) writer.uvarint(0);
  });
  return writer.raw(reader.rest()).bytes();
}

/** A metadata request of version 9, as one of version 2, which the mock brokers know. */
export function olderRequest(frame: Buffer): Buffer {
  const reader = new WireReader(frame);
  reader.int16();
  reader.int16();
  const correlation = reader.int32();
  const client = reader.text(false);
  reader.tags();
  const topics = reader.list(true, () => {
    const name = reader.text(true);
    reader.tags();
    return name;
  });
  const writer = new WireWriter().int16(3).int16(2).int32(correlation).text(client, false);
  return writer.list(topics, false, (name) => writer.text(name, false)).bytes();
}

/** A metadata response of version 2, as one of version 9. */
export function newerResponse(frame: Buffer): Buffer {
  const reader = new WireReader(frame);
  const writer = new WireWriter().int32(reader.int32()).uvarint(0).int32(0);
  const brokers = reader.list(false, () => ({
    node: reader.int32(),
    host: reader.text(false),
    port: reader.int32(),
    rack: reader.text(false),
  }));
  writer.list(brokers, true, ({ node, host, port, rack }) =>
    writer.int32(node).text(host, true).int32(port).text(rack, true).uvarint(0),
  );
  writer.text(reader.text(false), true).int32(reader.int32());
  const ids = (): number[] => reader.list(false, () => reader.int32());
  const topics = reader.list(false, () => ({
    error: reader.int16(),
    name: reader.text(false),
    isInternal: reader.byte(),
    partitions: reader.list(false, () => ({
      error: reader.int16(),
      index: reader.int32(),
      leader: reader.int32(),
      replicas: ids(),
      isr: ids(),
    })),
  }));
  const int32s = (values: readonly number[]): void => void writer.list(values, true, (value) => writer.int32(value));
  writer.list(topics, true, ({ error, name, isInternal, partitions }) => {
    writer.int16(error).text(name, true).byte(isInternal);
    writer.list(partitions, true, (partition) => {
      writer.int16(partition.error).int32(partition.index).int32(partition.leader).int32(0);
      int32s(partition.replicas);
      int32s(partition.isr);
      int32s([]);
      writer.uvarint(0);
    });
    writer.int32(0).uvarint(0);
  });
  return writer.int32(0).uvarint(0).bytes();
}
