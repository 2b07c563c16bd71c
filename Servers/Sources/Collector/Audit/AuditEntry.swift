internal import Domain
public import Feedback

/// One act, chained to the one before: `hash` is the SHA-256 of that hash and of everything that this entry says.
public struct AuditEntry: Hashable, Sendable {
  /// 1, 2, 3 … without gaps.
  public var number: Int64
  public var at: String
  /// Who acted: `user root`, or `token 3 ana@lab laptop`.
  public var actor: String
  public var action: String
  /// What was acted on.
  public var object: String
  /// More of it, a JSON object.
  public var detail: String
  public var prev: Hash
  public var hash: Hash

  init(after last: AuditEntry?, at: String, actor: String, action: String, object: String, detail: String) {
    number = (last?.number ?? 0) + 1
    prev = last?.hash ?? .zero
    (self.at, self.actor, self.action, self.object, self.detail) = (at, actor, action, object, detail)
    hash = .zero
    hash = computed
  }

  init(row: StoredRow) throws {
    number = try row.integer64("number")
    at = try row.text("at")
    actor = try row.text("actor")
    action = try row.text("action")
    object = try row.text("object")
    detail = try row.text("detail")
    guard let prev = try row.hash("prev"), let hash = try row.hash("hash") else {
      throw StoreError(.statement, "its hash has no 32 bytes")
    }
    (self.prev, self.hash) = (prev, hash)
  }

  /// What the hash has to be.
  var computed: Hash {
    RowDigest.of(
      [.bytes(prev.bytes), .integer(number), .text(at), .text(actor), .text(action), .text(object), .text(detail)],
      domain: "mds-audit1")
  }

  var values: [SQLValue] {
    [
      .integer(number), .text(at), .text(actor), .text(action), .text(object), .text(detail), .bytes(prev.bytes),
      .bytes(hash.bytes),
    ]
  }
}
