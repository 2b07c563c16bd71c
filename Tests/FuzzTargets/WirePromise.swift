internal import SyncProtocol

/// A message that is read is written so that it is read as the same.
enum WirePromise {
  static func messageViolation(in bytes: [UInt8]) -> String? {
    let types: [any Message.Type] = [
      Hello.self, StreamOpening.self, StreamHead.self, StreamHashes.self, EventBatch.self, BatchAnswer.self,
      Lineage.self, Refusal.self, Enrolment.self, Enrolled.self, InboxPage.self, LogEntry.self, BundleAnswer.self,
    ]
    return types.lazy.compactMap { roundTrip($0, bytes) }.first
  }

  private static func roundTrip<Value: Message>(_: Value.Type, _ bytes: [UInt8]) -> String? {
    guard let value = try? Value(bytes: bytes) else { return nil }
    guard let again = try? Value(bytes: value.bytes) else { return "a \(Value.self) that was written cannot be read" }
    // Names that are no UTF-8 are written with U+FFFD: after that, nothing changes.
    return again.bytes == value.bytes ? nil : "a \(Value.self) is another one after it was written"
  }

  static func cursorViolation(in bytes: [UInt8]) -> String? {
    if let cursor = LogCursor(text: String(decoding: bytes, as: UTF8.self)) {
      guard LogCursor(text: cursor.text) == cursor, cursor.epoch >= 0, cursor.number >= 0 else {
        return "a cursor is another one after it was written"
      }
    }
    guard let entries = try? LogEntry.entries(in: bytes) else { return nil }
    let lines = entries.map(\.bytes).joined(separator: [UInt8(ascii: "\n")])
    guard let again = try? LogEntry.entries(in: Array(lines)) else { return "written lines of the log cannot be read" }
    return again.map(\.bytes) == entries.map(\.bytes) ? nil : "lines of the log change when they are written"
  }
}

/// What comes out of a bundle is whole, however the bytes come in.
enum BundlePromise {
  static func violation(in bytes: [UInt8]) -> String? {
    let whole = read([bytes])
    let parted = read(Pieces(bytes: bytes))
    guard whole.items == parted.items, whole.fault == parted.fault else { return "the pieces decide what a bundle is" }
    var stream: BundleHeader?
    for item in whole.items {
      switch item {
      case .header(let header): stream = header
      case .event(let event):
        guard let header = stream, event.isIntact(in: header.stream) else { return "an event is not linked" }
      case .blob(let blob):
        guard blob.offset + blob.bytes.count <= blob.size else { return "a piece reaches over its content" }
      case .receipt, .held, .end: break
      }
    }
    return nil
  }

  private static func read(_ pieces: some Sequence<[UInt8]>) -> (items: [BundleReader.Item], fault: BundleFault?) {
    var reader = BundleReader()
    var items: [BundleReader.Item] = []
    do throws(BundleFault) {
      for piece in pieces {
        reader.feed(piece)
        while let item = try reader.next() { items.append(item) }
      }
      try reader.finish()
      return (items, nil)
    } catch {
      return (items, error)
    }
  }

  static func signatureViolation(in bytes: [UInt8]) -> String? {
    let text = String(decoding: bytes, as: UTF8.self)
    if let signature = SSHSignature(text: text) {
      guard SSHSignature(text: signature.text) == signature else { return "a signature changes when it is written" }
      if signature.holds(for: [UInt8](repeating: 0, count: 64), namespace: "other") { return "a signature is forged" }
    }
    if let key = DeviceKey(text: text) {
      guard DeviceKey(text: key.text(comment: "c"))?.publicKey == key.publicKey else { return "a key changes" }
    }
    _ = AllowedSigners(text: text)
    return nil
  }
}
