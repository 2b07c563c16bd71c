public import Domain

/// What an analyst decided of a case that judges see differently. Nobody's judgement is changed by it.
public struct DecisionBody: Hashable, Sendable {
  /// The right label; nil where it is a number.
  public var label: RawText?
  /// The right number; nil where it is a label.
  public var value: Double?
  /// Why.
  public var note: RawText

  public init(label: RawText? = nil, value: Double? = nil, note: RawText = "") {
    self.label = label
    self.value = value
    self.note = note
  }

  /// What is right, in a word.
  public var text: String { label?.string ?? value.map { Decimal.shortest($0) } ?? "" }

  /// The decision as one of the researchers' is told.
  public func adjudication(of caseID: ShortHash, by analyst: RawText) -> Adjudication {
    Adjudication(caseID: caseID, label: label, value: value, by: analyst, note: note)
  }
}

extension DecisionBody: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    self.init(
      label: try json.optionalRaw("label"), value: try json.optionalDouble("value"), note: try json.raw("note"))
    guard (label == nil) != (value == nil) else { throw EventBodyError("either label or value says what is right") }
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.put("label", label)
    object.put("value", value)
    object.putUnlessEmpty("note", note)
    return object.json
  }
}

/// A decision of a case, whoever made it, and when.
public struct Decision: Hashable, Sendable {
  public var content: Adjudication
  public var at: Timestamp
  /// Whether researchers published it; else an analyst made it.
  public var isPublished: Bool

  public init(_ content: Adjudication, at: Timestamp, isPublished: Bool) {
    self.content = content
    self.at = at
    self.isPublished = isPublished
  }

  /// An analyst's decision; nil for what is none.
  public init?(_ standing: Standing) {
    guard case .decision(let body) = standing.statement else { return nil }
    self.init(body.adjudication(of: standing.caseID, by: standing.analyst), at: standing.at, isPublished: false)
  }

  /// The one that counts: the newest; of two at one moment the researchers', else by name, the same everywhere.
  public static func inForce(_ decisions: some Sequence<Decision>) -> Decision? {
    decisions.max { left, right in
      (left.at, left.isPublished ? 1 : 0, left.content.by) < (right.at, right.isPublished ? 1 : 0, right.content.by)
    }
  }
}

/// Who judged a case, and what each holds for true.
public struct Judges: Hashable, Sendable {
  /// One of them, with the judgement that is their last word.
  public struct Judge: Hashable, Sendable {
    public var analyst: RawText
    public var stand: Stand
    /// The judgement's event.
    public var reference: EventReference

    public init(analyst: RawText, stand: Stand, reference: EventReference) {
      self.analyst = analyst
      self.stand = stand
      self.reference = reference
    }
  }

  /// Those who hold something for true, by name.
  public let judges: [Judge]

  /// From what stands on a case, and what each was said of: `views` by the judgement's event, `view` for the others.
  /// `own` are the names of one analyst, who counts once, under `analyst`.
  public init(
    _ standing: [Standing], views: [EventID: JudgedView] = [:], view: JudgedView, own: Set<RawText>, analyst: RawText
  ) {
    guard let caseID = standing.first?.caseID else {
      judges = []
      return
    }
    var references: [JudgedCase.Opinion: EventReference] = [:]
    for item in standing {
      guard let body = item.judgement else { continue }
      let opinion = JudgedCase.Opinion(
        analyst: own.contains(item.analyst) ? analyst : item.analyst, at: item.at, body: body,
        view: views[item.eventID] ?? view)
      references[opinion] = EventReference(.adjudicates, item.eventID, hash: item.hash)
    }
    judges = JudgedCase(caseID: caseID, judgements: references.keys.sorted { $0.at < $1.at }).lastWords
      .compactMap { opinion in
        guard let stand = opinion.stand, let reference = references[opinion] else { return nil }
        return Judge(analyst: opinion.analyst, stand: stand, reference: reference)
      }
  }

  /// Whether there is something to decide.
  public var differ: Bool { judges.differ }
}

extension Collection<Judges.Judge> {
  /// Whether two of them hold different things for true.
  public var differ: Bool { Set(map(\.stand)).count > 1 }
}

extension JudgedView {
  /// What everybody sees of a case's answer.
  public init(_ item: Case) {
    self.init(Seen(record: SeenRecord.none, model: item.model, output: SeenOutput(item.prediction)))
  }
}
