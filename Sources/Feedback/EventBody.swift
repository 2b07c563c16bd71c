public import Domain

/// What an event says, typed: the stamp, what it is about, and its payload.
public struct EventBody: Hashable, Sendable {
  public var stamp: Stamp
  public var caseID: ShortHash?
  public var references: [EventReference]
  public var payload: EventPayload

  /// The version of the body's form that this program writes.
  public static let version = 1

  public var kind: EventKind { payload.kind }

  public init(stamp: Stamp, caseID: ShortHash? = nil, references: [EventReference] = [], payload: EventPayload) {
    self.stamp = stamp
    self.caseID = caseID
    self.references = references
    self.payload = payload
  }

  /// The events that this one refers to in one way.
  public func targets(_ relation: EventReference.Relation) -> [EventID] {
    references.filter { $0.relation == relation }.map(\.eventID)
  }

  /// The canonical bytes; throws for a reference without a hash.
  public func bytes() throws(EventBodyError) -> [UInt8] {
    if let open = references.first(where: { $0.hash == nil }) {
      throw EventBodyError("a reference to \(open.eventID.hex) has no hash")
    }
    return try canonicalBytes()
  }

  static func parse(_ bytes: [UInt8]) throws(EventBodyError) -> JSON {
    do {
      return try CanonicalJSON.parse(bytes)
    } catch {
      throw EventBodyError(error.description)
    }
  }
}

extension EventBody: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    let copies = try EventCopies(json: json)
    let screen = json["screen"] ?? .object([])
    stamp = Stamp(
      at: copies.at, monotonicMilliseconds: try json.optionalInt("mono_ms") ?? 0,
      bootID: try json.raw("boot_id"), timeZoneMinutes: try json.optionalInt("tz_min") ?? 0,
      analyst: copies.analyst, session: try json.raw("session"), context: try json.raw("context"),
      tool: try json.raw("tool"),
      screen: Stamp.Screen(
        mode: try screen.raw("mode"), columns: try screen.optionalInt("columns") ?? 0,
        rows: try screen.optionalInt("rows") ?? 0))
    caseID = copies.caseID
    references = try json.values("refs")
    let content = json["payload"] ?? .object([])
    if try json.requiredInt("v") == EventBody.version {
      payload = try EventPayload(kind: copies.kind, json: content)
    } else {
      payload = .other(copies.kind, content)
    }
  }

  public var json: JSON {
    var screen = ObjectBuilder()
    screen.put("mode", JSON.raw(stamp.screen.mode))
    screen.put("columns", stamp.screen.columns)
    screen.put("rows", stamp.screen.rows)
    var object = ObjectBuilder()
    object.put("v", EventBody.version)
    object.put("kind", JSON.raw(kind.text))
    object.put("at", stamp.at)
    object.put("mono_ms", stamp.monotonicMilliseconds)
    object.put("boot_id", JSON.raw(stamp.bootID))
    object.put("tz_min", stamp.timeZoneMinutes)
    object.put("analyst", JSON.raw(stamp.analyst))
    object.put("session", JSON.raw(stamp.session))
    object.put("context", JSON.raw(stamp.context))
    object.put("tool", JSON.raw(stamp.tool))
    object.put("screen", screen.json)
    object.put("case_id", caseID.map { RawText($0.hex) })
    object.put("refs", references)
    object.put("payload", payload.json)
    return object.json
  }
}
