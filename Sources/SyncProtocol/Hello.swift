public import Domain

/// What a collector says of itself before anything is sent: `GET /v1/hello`.
public struct Hello: Message {
  /// What a collector takes in one request.
  public struct Limits: Hashable, Sendable {
    /// Bytes of a request's body.
    public var bodyBytes: Int
    /// Events of one batch.
    public var events: Int
    /// Bytes of one event's body; a larger one is offered without it.
    public var eventBytes: Int
    /// Bytes of a bundle that is handed in over the network; nil where none is taken.
    public var bundleBytes: Int?

    public init(
      bodyBytes: Int = 8 << 20, events: Int = 1000, eventBytes: Int = 64 << 10, bundleBytes: Int? = nil
    ) {
      self.bundleBytes = bundleBytes
      self.bodyBytes = bodyBytes
      self.events = events
      self.eventBytes = eventBytes
    }

    /// Bytes of bodies that fit into one request: base64 makes four of three, hashes and braces need room too.
    public var batchBytes: Int { bodyBytes / 4 * 3 - bodyBytes / 8 }
  }

  /// Made once with the database, never again: a client that was enrolled elsewhere stops.
  public var collectorID: RawText
  /// Raised whenever the collector was restored from a backup.
  public var epoch: Int
  /// The versions of the protocol it speaks.
  public var protocols: [Int]
  /// For people, who may find a clock that is wrong: nothing is decided by it.
  public var now: Timestamp
  public var limits: Limits
  /// The verdicts it gives, for whoever writes a client: one that a client does not know is no receipt to it.
  public var verdicts: [RawText]
  /// Name and version of the program.
  public var program: RawText
  /// What it can do beyond the first version of the protocol, one word each; a word that is not known is passed over.
  public var capabilities: [RawText]
  /// The oldest mds that it wants to hear from; nil where it takes any. It asks, and does not check: an older one keeps what
  /// is saved to itself until it is updated.
  public var minimumClient: ProgramVersion?

  public init(
    collectorID: RawText, epoch: Int, protocols: [Int] = [Hello.version], now: Timestamp, limits: Limits = Limits(),
    verdicts: [RawText] = RecordVerdict.known.map(\.text), program: RawText = "",
    capabilities: [RawText] = [], minimumClient: ProgramVersion? = nil
  ) {
    self.collectorID = collectorID
    self.epoch = epoch
    self.protocols = protocols
    self.now = now
    self.limits = limits
    self.verdicts = verdicts
    self.program = program
    self.capabilities = capabilities
    self.minimumClient = minimumClient
  }

  /// What it wants in the place of a program of this version, where that is too old for it.
  public func wanted(insteadOf version: ProgramVersion?) -> ProgramVersion? {
    guard let version, let minimumClient, version < minimumClient else { return nil }
    return minimumClient
  }

  /// The version that this code speaks.
  public static let version = 1

  public init(json: JSON) throws(WireError) {
    let object = try WireObject(json)
    let limits = try object.object("limits")
    self.init(
      collectorID: try object.text("collector_id"), epoch: try object.natural("epoch"),
      protocols: try object.integers("protocol"), now: try object.timestamp("now"),
      limits: Limits(
        bodyBytes: try limits.natural("max_body"), events: try limits.natural("max_events"),
        eventBytes: try limits.natural("max_event"),
        bundleBytes: try limits.optional("max_bundle", limits.natural)),
      verdicts: try object.texts("verdicts"), program: try object.optional("program", object.text) ?? "",
      capabilities: try object.optional("capabilities", object.texts) ?? [],
      minimumClient: try object.optional("min_client", object.version))
  }

  public var json: JSON {
    var bounds: [JSON.Member] = [
      .init("max_body", .count(limits.bodyBytes)), .init("max_events", .count(limits.events)),
      .init("max_event", .count(limits.eventBytes)),
    ]
    if let bytes = limits.bundleBytes { bounds.append(.init("max_bundle", .count(bytes))) }
    var members: [JSON.Member] = [
      .init("collector_id", .string(collectorID)), .init("epoch", .count(epoch)),
      .init("protocol", .array(protocols.map(JSON.count))), .init("now", .time(now)), .init("limits", .object(bounds)),
      .init("verdicts", .array(verdicts.map(JSON.string))), .init("program", .string(program)),
      .init("capabilities", .texts(capabilities)),
    ]
    if let minimumClient { members.append(.init("min_client", .text(minimumClient.description))) }
    return .object(members)
  }
}
