public import Domain

/// One column of an export.
public struct ExportColumn: Hashable, Sendable {
  public var name: RawText
  public var type: ColumnType
  /// What it holds, in a sentence without a full stop.
  public var meaning: String

  /// What the values of a column are.
  public enum ColumnType: String, Hashable, Sendable, CaseIterable {
    case text, integer, number, boolean, time
    /// An integer that may be above 2^63 - 1.
    case unsigned
    /// JSON text in CSV, the value itself in JSONL.
    case json

    /// The dtype that holds it in pandas, with missing values.
    public var dtype: String {
      switch self {
      case .text: "string"
      case .integer: "Int64"
      case .unsigned: "UInt64"
      case .number: "float64"
      case .boolean: "boolean"
      case .time: "datetime64[us, UTC]"
      case .json: "object"
      }
    }
  }

  public init(_ name: RawText, _ type: ColumnType, _ meaning: String) {
    self.name = name
    self.type = type
    self.meaning = meaning
  }
}

extension ExportColumn {
  /// The columns that every export has; those of the inputs follow.
  public static let fixed: [ExportColumn] = event + about + answer + judgement + explanation + signals + beside

  /// The column for texts that are no UTF-8.
  static let strangeTexts: RawText = "not_utf8"

  private static let event = [
    ExportColumn("event_id", .text, "identity of the event, a UUIDv7 as 32 hexadecimal digits"),
    ExportColumn("stream", .text, "the device's chain that the event belongs to"),
    ExportColumn("seq", .integer, "number of the event in its stream, without gaps"),
    ExportColumn("hash", .text, "hash of the event, which covers everything before it"),
    ExportColumn(
      "state", .text,
      """
      in_force, superseded, retracted, alternative: made on another device and not chosen between, or unknown: a later \
      word of the analyst on the case was redacted, and what it changed is not known; where an export goes on from an \
      earlier one also redacted: its words were removed since, and the row has none of them
      """),
    ExportColumn("kind", .text, "judgement, or amend for a change of mind"),
    ExportColumn("is_redo", .boolean, "whether it only brings back what was undone"),
    ExportColumn("replaces", .text, "event that it takes the place of"),
    ExportColumn("at", .time, "when it was saved, UTC, by the analyst's clock"),
    ExportColumn("received_at", .time, "when the collector took it in, UTC; empty in an analyst's own export"),
    ExportColumn("tz_min", .integer, "minutes that the analyst's clock was ahead of UTC"),
    ExportColumn("analyst", .text, "who judged"),
    ExportColumn("recorded_analyst", .text, "who judged, as the event has it: perhaps a name from before enrolment"),
    ExportColumn("session", .text, "one run of the program"),
    ExportColumn("context", .text, "the named context of the configuration"),
    ExportColumn("tool", .text, "the program and its version"),
  ]

  private static let about = [
    ExportColumn("case_id", .text, "record, service, model and version together: the same for every analyst"),
    ExportColumn("record_id", .text, "the record, the same for every model"),
    ExportColumn("source_id", .text, "the source's own id of the record"),
    ExportColumn("record_at", .time, "when the record occurred, UTC"),
    ExportColumn(
      "record_sha256", .text,
      "hash of a record that is not here; its input columns are empty"),
    ExportColumn("service", .text, "the deployment service"),
    ExportColumn("model", .text, "the model that predicted"),
    ExportColumn("version", .text, "its version"),
    ExportColumn("route", .text, "the route of an experiment that answered"),
    ExportColumn("request_id", .text, "x-request-id of the inference"),
    ExportColumn("trace_id", .text, "trace of the inference"),
  ]

  private static let answer = [
    ExportColumn(
      "is_prediction_seen", .boolean, "whether the model's answer was on screen; the next columns hold it either way"),
    ExportColumn("predicted", .text, "the model's answer: its label or its number"),
    ExportColumn("predicted_value", .number, "the answer of a model that answers with a number"),
    ExportColumn("probability", .number, "probability of the label, 0 to 1"),
    ExportColumn("margin", .number, "lead of the first class over the second, 0 to 1"),
    ExportColumn("probabilities", .json, "every class with its probability, in the model's order"),
    ExportColumn("latency_ms", .number, "from the request's first byte to the answer's last"),
  ]

  private static let judgement = [
    ExportColumn(
      "verdict", .text, "agree, disagree, unsure or skip; where the model's answer was hidden it follows from the label"
    ),
    ExportColumn("label", .text, "the correct label, where the analyst named one"),
    ExportColumn("value", .number, "the correct number, where the analyst named one"),
    ExportColumn(
      "answer", .text,
      """
      what the analyst holds for true: the model's answer where they agree, or their own; of two classes the other one \
      where they disagree and name none
      """),
    ExportColumn(
      "initial_answer", .text,
      "on final rows, what the same analyst held for true before the model's answer was shown"),
    ExportColumn("confidence", .integer, "the analyst's own, 1 to 5"),
    ExportColumn("reasons", .json, "codes of the reasons"),
    ExportColumn("note", .text, "the note of the judgement"),
    ExportColumn("is_skip_for_others", .boolean, "of a skip: whether it is for everybody"),
    ExportColumn("stage", .text, "initial: before the model's answer was shown, or final"),
    ExportColumn("assist", .text, "how much was on screen: blind, prediction or explanation"),
    ExportColumn("shown_at", .time, "when the case came on screen, UTC"),
    ExportColumn("first_key_ms", .integer, "from then to the first key"),
    ExportColumn(
      "active_ms", .integer,
      """
      sum of the gaps between keys since then, each cut at 30 s; after an answer before the model's, on the same visit \
      (the same shown_at), it holds the time of that one as well
      """),
    ExportColumn(
      "wall_ms", .integer, "from the first drawing to the save; that of an answer before the model's is in it as well"),
    ExportColumn("views", .json, "milliseconds on each part of the screen"),
  ]

  private static let explanation = [
    ExportColumn("is_explanation_seen", .boolean, "whether an explanation was on screen"),
    ExportColumn("explanation_explainer", .text, "the model that explained, of the first explanation that was shown"),
    ExportColumn("explanation_method", .text, "its method"),
    ExportColumn("explanation_sha256", .text, "hash of the whole explanation"),
    ExportColumn("explanation_ms", .integer, "how long it was on screen, where it had a part of the screen to itself"),
    ExportColumn("explanation_top", .json, "its largest features with value and share, or the anchor's predicates"),
    ExportColumn("explanations", .json, "all explanations that were there, with whether each was shown"),
  ]

  private static let signals = [
    ExportColumn("drift_detector", .text, "the detector of the drift window on screen"),
    ExportColumn("drift_method", .text, "its method"),
    ExportColumn("drift_source", .text, "who compared: detector, local or metrics"),
    ExportColumn("drift_from", .time, "start of the window, UTC"),
    ExportColumn("drift_to", .time, "end of the window, left out, UTC"),
    ExportColumn("drift_n", .integer, "cases in the window"),
    ExportColumn("is_drift", .boolean, "whether the window drifted"),
    ExportColumn("drifted_share", .number, "share of its features over the limit"),
    ExportColumn("outlier_detector", .text, "the outlier detector"),
    ExportColumn("outlier_method", .text, "its method"),
    ExportColumn("outlier_score", .number, "the record's score"),
    ExportColumn("outlier_threshold", .number, "the score above which a record is flagged; empty where not published"),
    ExportColumn("is_outlier", .boolean, "whether the record was flagged"),
    ExportColumn("guideline", .text, "version of the guideline in force"),
    ExportColumn(
      "queue", .text, "the queue that the case came from; a published one has an identity for each recipient"),
    ExportColumn("queue_name", .text, "the name that the queue was published under; known to the collector alone"),
    ExportColumn("queue_version", .integer, "which of the queues that were published under this name, from 1 on"),
    ExportColumn("sampler", .text, "how that queue picked: mixed, uncertain, drifted, outlying or random"),
    ExportColumn("queue_score", .number, "what the sampler ranked the case by"),
    ExportColumn("propensity", .number, "probability with which the case was drawn: weigh by its inverse"),
    ExportColumn("is_blind", .boolean, "whether answers were hidden until the analyst's first"),
  ]

  private static let beside = [
    ExportColumn(
      "marks", .json,
      "the analyst's marks in force on explanations of the case; those on a case that the analyst has not judged are in no "
        + "row"),
    ExportColumn("notes", .json, "the analyst's notes in force on the case"),
    ExportColumn("is_flagged", .boolean, "whether the analyst's flag on the case is raised"),
    ExportColumn(
      "decided", .text, "what an analyst decided is right, where judges differ, or the researchers: the newest decision"
    ),
    ExportColumn("decided_by", .text, "who decided it; the researchers' own decisions are not among the events"),
    ExportColumn("screen_mode", .text, "screen, plain or command"),
    ExportColumn("screen_columns", .integer, "width of the terminal"),
    ExportColumn("screen_rows", .integer, "height of the terminal"),
    ExportColumn(strangeTexts, .json, "hexadecimal bytes of the row's texts that are no UTF-8, by column"),
  ]
}
