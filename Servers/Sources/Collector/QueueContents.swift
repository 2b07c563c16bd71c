internal import Domain
internal import Feedback

/// The records of published queues, which lie beside their publications: who may have them, and when they go.
enum QueueContents {
  /// Publications of queues that hold some bytes and that no later withdrawal is about: of what was published for all, one for
  /// all; of what was published for one analyst, that analyst's as well.
  private static func standing(_ db: any Transaction, or withdrawal: String) -> String {
    """
    SELECT it.body FROM publication AS it WHERE it.kind = '\(InboxKind.queue.rawValue)' AND \(db.holds("it.body"))
    AND NOT EXISTS (SELECT 1 FROM publication AS later WHERE later.kind = it.kind AND later.name = it.name
      AND later.number > it.number AND length(later.body) = 0 AND (later.recipient IS NULL OR \(withdrawal)))
    """
  }

  private static func content(of row: StoredRow) throws -> Hash? {
    try row.bytes("body").flatMap { try? PublishedQueue(bytes: $0) }?.content
  }

  /// Whether a queue with these records was published for an analyst, and not withdrawn.
  static func isPublished(_ hash: Hash, for analyst: String, _ db: any Transaction) throws -> Bool {
    try db.rows(
      standing(db, or: "later.recipient = ?") + " AND (it.recipient IS NULL OR it.recipient = ?)",
      [.bytes(Array(hash.hex.utf8)), .text(analyst), .text(analyst)]
    ).contains { try content(of: $0) == hash }
  }

  private static func isPublished(_ hash: Hash, _ db: any Transaction) throws -> Bool {
    try db.rows(standing(db, or: "later.recipient = it.recipient"), [.bytes(Array(hash.hex.utf8))])
      .contains { try content(of: $0) == hash }
  }

  /// Removes the records of what was published under a name, as far as no queue has them that was not withdrawn; how many
  /// contents that were. One that a view names as well stays for researchers.
  static func drop(named name: String, _ db: any Transaction) throws -> Int {
    let rows = try db.rows(
      "SELECT body FROM publication WHERE kind = ? AND name = ?", [.text(InboxKind.queue.rawValue), .text(name)])
    var count = 0
    for hash in Set(try rows.compactMap(content)) where try !isPublished(hash, db) {
      if try BlobBook.unpublish(hash, db) { count += 1 }
    }
    if count > 0 { db.wordsWereRemoved() }
    return count
  }
}
