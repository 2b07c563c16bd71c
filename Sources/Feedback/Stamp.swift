public import Domain

/// When, where and by whom an event was made: what every body says.
public struct Stamp: Hashable, Sendable {
  public var at: Timestamp
  /// Milliseconds of the machine's steady clock, which no clock change moves.
  public var monotonicMilliseconds: Int
  /// Which run of the machine the steady clock belongs to.
  public var bootID: RawText
  /// Minutes that local time was ahead of UTC.
  public var timeZoneMinutes: Int
  public var analyst: RawText
  /// One run of the program.
  public var session: RawText
  /// The named context of the configuration.
  public var context: RawText
  /// `mds/0.1.0`.
  public var tool: RawText
  public var screen: Screen

  /// What the analyst looked at it with.
  public struct Screen: Hashable, Sendable {
    /// `screen`, `plain`, `command`.
    public var mode: RawText
    public var columns: Int
    public var rows: Int

    public init(mode: RawText, columns: Int = 0, rows: Int = 0) {
      self.mode = mode
      self.columns = columns
      self.rows = rows
    }
  }

  public init(
    at: Timestamp, monotonicMilliseconds: Int = 0, bootID: RawText = "", timeZoneMinutes: Int = 0,
    analyst: RawText, session: RawText = "", context: RawText = "", tool: RawText = "",
    screen: Screen = Screen(mode: "command")
  ) {
    self.at = at
    self.monotonicMilliseconds = monotonicMilliseconds
    self.bootID = bootID
    self.timeZoneMinutes = timeZoneMinutes
    self.analyst = analyst
    self.session = session
    self.context = context
    self.tool = tool
    self.screen = screen
  }
}

/// How one event speaks of another.
public struct EventReference: Hashable, Sendable {
  public var relation: Relation
  public var eventID: EventID
  /// nil only until the event is sealed, for an event of the same batch.
  public var hash: Hash?

  /// The word for the relation; others are carried.
  public struct Relation: Hashable, Sendable, ExpressibleByStringLiteral {
    public var text: RawText

    public init(_ text: RawText) { self.text = text }
    public init(stringLiteral value: String) { text = RawText(value) }

    /// From a statement to the `seen` that it was made on.
    public static let seen: Relation = "seen"
    /// From an `amend` to the statement that it replaces.
    public static let amends: Relation = "amends"
    /// From a `retract` to a statement.
    public static let retracts: Relation = "retracts"
    /// From an `amend` that is a redo to the statement that was undone.
    public static let redoes: Relation = "redoes"
    /// From a mark, note or flag to the judgement that it was saved with.
    public static let partOf: Relation = "part_of"
    public static let answers: Relation = "answers"
    public static let adjudicates: Relation = "adjudicates"
    /// From a `stream.start` to the `stream.end` of the stream that went before it.
    public static let supersedes: Relation = "supersedes"
    /// From a `redact` to the event whose body goes.
    public static let redacts: Relation = "redacts"
  }

  public init(_ relation: Relation, _ eventID: EventID, hash: Hash? = nil) {
    self.relation = relation
    self.eventID = eventID
    self.hash = hash
  }

  /// A reference to an event that is sealed.
  public init(_ relation: Relation, _ event: Event) {
    self.init(relation, event.eventID, hash: event.hash)
  }
}

extension EventReference: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    guard let id = try json.optionalEventID("event_id") else { throw EventBodyError("a reference names no event") }
    self.init(Relation(try json.requiredRaw("rel")), id, hash: try json.optionalHash("hash"))
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.put("rel", relation.text)
    object.put("event_id", RawText(eventID.hex))
    object.put("hash", hash.map { RawText($0.hex) })
    return object.json
  }
}
