public import Domain
internal import Feedback
internal import SyncProtocol

/// What analysts answered to questions that were published.
public struct AnswerBook: Sendable {
  /// One answer; an analyst may give several to one question, the last of which counts.
  public struct Answer: Hashable, Sendable {
    /// The name that `publish question` printed; empty for a question that is not here.
    public var name: String
    /// The identity that the analyst who answered has the question under.
    public var item: RawText
    public var question: RawText
    /// The case that it is about; nil for none.
    public var caseID: ShortHash?
    public var analyst: RawText
    public var at: Timestamp
    public var answer: RawText
  }

  private let database: CollectorDatabase

  public init(_ database: CollectorDatabase) { self.database = database }

  /// Hands over each answer, in the order in which they arrived.
  public func forEach(_ body: (Answer) throws -> Void) throws {
    var questions: [RawText: (name: String, question: Question)] = [:]
    let rows = try database.readNow { db in
      try db.rows("SELECT id, name, body FROM publication WHERE kind = ?", [.text(InboxKind.question.rawValue)])
    }
    for row in rows {
      guard let bytes = try row.bytes("body"), let question = try? Question(bytes: bytes) else { continue }
      questions[RawText(try row.text("id"))] = (try row.text("name"), question)
    }
    var last = 0
    while true {
      let rows = try database.readNow { db in
        try db.rows(
          """
          SELECT lsn, analyst, body FROM log
          WHERE lsn > ? AND kind = ? AND body IS NOT NULL AND (quarantine IS NULL OR quarantine = '')
          ORDER BY lsn LIMIT 200
          """, [SQLValue(last), .text(EventKind.answer.rawValue)])
      }
      guard !rows.isEmpty else { return }
      for row in rows {
        last = try row.integer("lsn")
        guard let bytes = try row.bytes("body"), let event = try? EventBody(bytes: bytes),
          case .answer(let item, let text) = event.payload
        else { continue }
        let asked = questions[item]
        try body(
          Answer(
            name: asked?.name ?? "", item: item, question: asked?.question.text ?? "", caseID: event.caseID,
            analyst: RawText(try row.text("analyst")), at: event.stamp.at, answer: text))
      }
    }
  }
}
