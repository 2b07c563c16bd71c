public import Domain

/// A judgement with how it came about.
public struct JudgementBody: Hashable, Sendable {
  public var judgement: Judgement
  public var stage: JudgementStage
  public var assistance: Assistance
  public var timing: Timing

  /// How long it took, and over what.
  public struct Timing: Hashable, Sendable {
    /// When the case came on screen.
    public var shownAt: Timestamp?
    /// Milliseconds until the first key.
    public var firstKeyMilliseconds: Int?
    /// The sum of the gaps between keys, each cut at 30 seconds.
    public var activeMilliseconds: Int?
    public var wallMilliseconds: Int?
    public var views: [PaneTime]

    public init(
      shownAt: Timestamp? = nil, firstKeyMilliseconds: Int? = nil, activeMilliseconds: Int? = nil,
      wallMilliseconds: Int? = nil, views: [PaneTime] = []
    ) {
      self.shownAt = shownAt
      self.firstKeyMilliseconds = firstKeyMilliseconds
      self.activeMilliseconds = activeMilliseconds
      self.wallMilliseconds = wallMilliseconds
      self.views = views
    }
  }

  public init(
    _ judgement: Judgement, stage: JudgementStage = .final, assistance: Assistance = .explanation,
    timing: Timing = Timing()
  ) {
    self.judgement = judgement
    self.stage = stage
    self.assistance = assistance
    self.timing = timing
  }
}

/// Milliseconds that a part of the screen was looked at.
public struct PaneTime: Hashable, Sendable {
  public var pane: RawText
  public var milliseconds: Int

  public init(pane: RawText, milliseconds: Int) {
    self.pane = pane
    self.milliseconds = milliseconds
  }
}

extension PaneTime: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    self.init(pane: try json.raw("pane"), milliseconds: try json.optionalInt("ms") ?? 0)
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.put("pane", JSON.raw(pane))
    object.put("ms", milliseconds)
    return object.json
  }
}

extension Judgement: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    self.init(
      verdict: try json.choice("verdict"), label: try json.optionalRaw("label"),
      value: try json.optionalDouble("value"), confidence: try json.optionalInt("confidence"),
      reasons: try json.raws("reasons"), note: try json.raw("note"),
      skipsForOthers: try json.optionalBool("skip_for_others") ?? false)
    if let confidence, !(1...5).contains(confidence) { throw EventBodyError("confidence is not from 1 to 5") }
  }

  public var json: JSON {
    var object = ObjectBuilder()
    write(to: &object)
    return object.json
  }

  func write(to object: inout ObjectBuilder) {
    object.put("verdict", verdict.map { RawText($0.rawValue) })
    object.put("label", label)
    object.put("value", value)
    object.put("confidence", confidence)
    object.put("reasons", JSON.array(reasons.map(JSON.raw)))
    object.putUnlessEmpty("note", note)
    if skipsForOthers { object.put("skip_for_others", true) }
  }
}

extension JudgementBody: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    self.init(
      try Judgement(json: json), stage: try json.choice("stage") ?? .final,
      assistance: try json.choice("assist") ?? .explanation,
      timing: Timing(
        shownAt: try json.optionalTime("shown_at"), firstKeyMilliseconds: try json.optionalInt("first_key_ms"),
        activeMilliseconds: try json.optionalInt("active_ms"), wallMilliseconds: try json.optionalInt("wall_ms"),
        views: try json.values("views")))
  }

  public var json: JSON {
    var object = ObjectBuilder()
    judgement.write(to: &object)
    object.put("stage", RawText(stage.rawValue))
    object.put("assist", RawText(assistance.rawValue))
    object.put("shown_at", timing.shownAt)
    object.put("first_key_ms", timing.firstKeyMilliseconds)
    object.put("active_ms", timing.activeMilliseconds)
    object.put("wall_ms", timing.wallMilliseconds)
    object.put("views", timing.views)
    return object.json
  }
}
