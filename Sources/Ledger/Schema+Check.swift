internal import GRDB

/// Whether the tables are those that this version knows: a letter of their text may be another one by now, and SQLite
/// takes that for another column.
extension Schema {
  /// Throws where a table or a column is not there. What is read by name is there then.
  static func check(_ db: Database) throws {
    var found: [String: Set<String>] = [:]
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c
        WHERE m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL%'
        """)
    while let row = try rows.next() { found[row[0], default: []].insert(row[1]) }
    for line in tables.split(separator: "\n") {
      let words = line.split(separator: " ")
      let table = words[0].dropLast()
      guard let columns = found[String(table)] else { throw LedgerError.damaged("there is no table \(table)") }
      if let missing = words.dropFirst().first(where: { !columns.contains(String($0)) }) {
        throw LedgerError.damaged("the table \(table) has no column \(missing)")
      }
    }
  }

  /// The tables of a ledger of this version with their columns, but those of SQLite's own search. They stand here, for to
  /// make an empty ledger at every start would take longer than to open one; a test makes one and compares.
  static let tables = """
    attachment: sha256 stream size sent_after
    blob: sha256 data
    call: id context model at ms
    case_: number id record_id at context service source_id model version label probability lead uncertainty \
      outlyingness is_outlier body route digest
    draft: case_id saved_at body
    event: id stream seq event_id prev leaf hash body kind at analyst case_id
    foreign_also: event_id context
    foreign_event: id stream seq event_id prev leaf hash body kind at analyst case_id context
    former: event_id stream seq prev hash
    inbox: id context kind name body published_at received_at answered_at digest
    input_: id context model at body
    judgement_now: case_id analyst subject kind stage verdict at event_id hash stream seq seen own statement \
      alternatives alike
    meta: key value
    models: context at body
    queue: id context created_at sampler count is_blind even_share seed population
    queue_item: queue position case_id score propensity reason
    remains: event_id case_id value
    shown: case_id
    signed_head: stream seq hash at signature
    stream: id context collector analyst created_at ended_at epoch acked_seq acked_hash safe_seq safe_hash sent_seq
    taken_item: queue context position case_id score propensity
    taken_queue: id context name body taken_at finished_at
    wedge: event_id code detail first_at last_at tries
    window_: id context model version detector from_ to_ n is_drift drifted_share body
    """
}
