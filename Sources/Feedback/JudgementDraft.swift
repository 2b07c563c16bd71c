public import Domain

/// A judgement in the making: kept while the analyst decides, offered again after a lost line; never sent.
public struct JudgementDraft: Hashable, Sendable {
  public var caseID: ShortHash
  public var judgement: Judgement
  public var marks: [Mark]
  /// The marks that stood when it was begun.
  public var knownMarks: [Mark]
  public var savedAt: Timestamp

  public init(
    caseID: ShortHash, judgement: Judgement, marks: [Mark] = [], knownMarks: [Mark] = [], savedAt: Timestamp
  ) {
    self.caseID = caseID
    self.judgement = judgement
    self.marks = marks
    self.knownMarks = knownMarks
    self.savedAt = savedAt
  }

  /// Whether it says nothing: no judgement, and no other marks than those that stood.
  public var isEmpty: Bool { judgement.isEmpty && marks == knownMarks }
}

extension Mark: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    self.init(
      kind: try json.choice("mark"), target: try json.optionalRaw("target"),
      occurrence: try Explanation.Occurrence(mark: json), rating: try json.optionalInt("rating"),
      explainer: try json.optionalRaw("explainer").map { name throws(EventBodyError) in
        ModelID(name, version: try json.optionalRaw("explainer_version"))
      }, label: try json.optionalRaw("label"))
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.put("mark", kind.map { RawText($0.rawValue) })
    object.put("target", target)
    object.put("occurrence", occurrence?.number)
    object.put("occurrences", occurrence?.count)
    object.put("rating", rating)
    object.put("explainer", explainer?.name)
    object.put("explainer_version", explainer?.version)
    object.put("label", label)
    return object.json
  }
}

extension JudgementDraft: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    guard let id = ShortHash(hex: try json.requiredRaw("case_id").string) else {
      throw EventBodyError("case_id is no identity")
    }
    self.init(
      caseID: id, judgement: try json.value("judgement") ?? Judgement(), marks: try json.values("marks"),
      knownMarks: try json.values("known_marks"), savedAt: try json.requiredTime("saved_at"))
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.put("case_id", RawText(caseID.hex))
    object.put("judgement", judgement)
    object.put("marks", marks)
    if !knownMarks.isEmpty { object.put("known_marks", knownMarks) }
    object.put("saved_at", savedAt)
    return object.json
  }
}
