public import Domain

/// How a record is named on every machine alike.
public enum RecordIdentity {
  /// The first 16 bytes of SHA-256 over the typed tensors.
  public static func of(_ record: Record) -> ShortHash { .of(record.identityBytes) }

  /// The same over the source's own id of the record.
  public static func of(sourceID: RawText) -> ShortHash { .of(Array("mds-source\0".utf8) + sourceID.bytes) }

  /// By the source's own id where it has one, by the tensors where not.
  public static func of(_ record: Record, sourceID: RawText) -> ShortHash {
    sourceID.isEmpty ? of(record) : of(sourceID: sourceID)
  }
}

/// How a case is named on every machine alike, so that two analysts judge the same one.
public enum CaseIdentity {
  /// The first 16 bytes of SHA-256 over record, service, model and version, each led by its length.
  public static func of(record: ShortHash, service: RawText, model: ModelID) -> ShortHash {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(128)
    bytes += record.bytes
    for part in [service, model.name, model.version ?? ""] {
      bytes += Bytes.bigEndian(UInt64(part.bytes.count))
      bytes += part.bytes
    }
    return .of(bytes)
  }
}
