public import Domain
internal import Feedback
internal import GRDB

/// A case as lists show it: what it takes to find, sort and pick it.
public struct CaseSummary: Hashable, Sendable, Identifiable {
  public var id: ShortHash
  public var number: Int
  public var at: Timestamp
  public var sourceID: RawText
  public var model: ModelID
  /// The model's answer in a word, its probability and its lead over the next.
  public var label: RawText
  public var probability: Double?
  public var lead: Double?
  /// 0 (sure) to 1.
  public var uncertainty: Double
  /// 0 (typical) to 1.
  public var outlyingness: Double
  public var isOutlier: Bool
  /// The analyst's own judgement in force, by verdict.
  public var verdict: Verdict?
  public var isFlagged: Bool

  /// `8841 3fa9c1`.
  public var name: String { "\(number) \(id.short)" }

  static let columns = """
    c.number, c.id, c.at, c.source_id, c.model, c.version, c.label, c.probability, c.lead, c.uncertainty,
    c.outlyingness, c.is_outlier,
    (SELECT coalesce(verdict, 'disagree') FROM judgement_now j
      WHERE j.case_id = c.id AND j.own = 1 AND j.kind = 'judgement' ORDER BY stage LIMIT 1) AS verdict,
    (SELECT statement FROM judgement_now j WHERE j.case_id = c.id AND j.own = 1 AND j.kind = 'flag' LIMIT 1) AS flag
    """

  init(_ row: Row) throws {
    id = try row.shortHash("id")
    number = row.int("number")
    at = row.time("at")
    sourceID = row.raw("source_id")
    model = ModelID(row.raw("model"), version: row.optionalRaw("version"))
    label = row.raw("label")
    probability = row.double("probability")
    lead = row.double("lead")
    uncertainty = row.double("uncertainty") ?? 0
    outlyingness = row.double("outlyingness") ?? 0
    isOutlier = row.int("is_outlier") != 0
    verdict = Verdict(rawValue: row.string("verdict"))
    if row.optionalBytes("flag") != nil, case .flag(let flag) = try row.statement("flag") {
      isFlagged = flag.isRaised
    } else {
      isFlagged = false
    }
  }
}

/// How much there is of one model version.
public struct ModelTally: Hashable, Sendable {
  public var model: ModelID
  public var cases: Int
  public var newest: Timestamp
  /// Cases without a final judgement of the analyst's own, and the oldest of them.
  public var open: Int
  public var oldestOpen: Timestamp?
  /// The analyst's own final judgements in force, by verdict.
  public var verdicts: [Verdict: Int]
}
