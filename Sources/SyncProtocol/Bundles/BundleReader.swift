public import Feedback

/// Reads a bundle out of chunks as they come; holds one frame and one chunk at most. What it has given stands, whatever
/// the rest is like.
public struct BundleReader: Sendable {
  public enum Item: Hashable, Sendable {
    case header(BundleHeader)
    case event(OfferedEvent)
    /// After the events: a piece of what one of them names.
    case blob(BundleBlob)
    case receipt(BundleReceipt)
    /// The collector has the content with this hash whole.
    case held(Hash)
    /// The bundle is whole.
    case end
  }

  private enum Stage { case magic, header, content, done }

  private var buffer: [UInt8] = []
  private var start = 0
  private var stage = Stage.magic
  private var header: BundleHeader?
  private var tree = MerkleRoot()
  private var count = 0
  private var last = Position.empty
  /// The end of the last whole frame, in bytes from the bundle's beginning.
  public private(set) var offset = 0

  public init() {}

  /// Takes the next bytes; `next` gives what they complete.
  public mutating func feed(_ chunk: some Sequence<UInt8>) {
    buffer.removeFirst(start)
    start = 0
    buffer += chunk
  }

  /// The next item; nil where more bytes are needed, and after the end.
  public mutating func next() throws(BundleFault) -> Item? {
    if stage == .magic, try !passMagic() { return nil }
    guard stage != .done else {
      guard start == buffer.count else { throw fault("something follows the trailer") }
      return nil
    }
    guard let frame = try frame() else { return nil }
    let item = try item(of: frame)
    start += frame.payload.count + BundleFrame.around
    offset += frame.payload.count + BundleFrame.around
    return item
  }

  /// Says that no more bytes come; throws where the bundle is not whole.
  public func finish() throws(BundleFault) {
    guard stage == .done, start == buffer.count else { throw BundleFault(.truncated, at: offset) }
  }

  private mutating func passMagic() throws(BundleFault) -> Bool {
    let magic = BundleFrame.magic
    let found = buffer[start...].prefix(magic.count)
    guard found.elementsEqual(magic.prefix(found.count)) else { throw BundleFault(.foreign, at: 0) }
    guard found.count == magic.count else { return false }
    start += magic.count
    offset = magic.count
    stage = .header
    return true
  }

  /// The frame that lies next in the buffer, if it is all there.
  private func frame() throws(BundleFault) -> BundleFrame? {
    guard buffer.count - start >= BundleFrame.around else { return nil }
    let length = buffer[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
    guard length <= BundleFrame.longest else { throw BundleFault(.damaged, at: offset) }
    let end = start + 5 + length
    guard buffer.count >= end + 4 else { return nil }
    let sum = buffer[end..<end + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    guard CRC32C.of(buffer[start..<end]) == sum else { throw BundleFault(.damaged, at: offset) }
    guard let kind = BundleFrame.Kind(rawValue: buffer[start + 4]) else {
      throw fault("it has a frame of a kind that this program does not know")
    }
    return BundleFrame(kind: kind, payload: Array(buffer[start + 5..<end]))
  }

  private mutating func item(of frame: BundleFrame) throws(BundleFault) -> Item {
    if frame.kind == .trailer { return try end(frame) }
    guard (frame.kind == .header) == (stage == .header) else { throw fault("the header is not where it belongs") }
    let item: Item
    switch (frame.kind, header?.content) {
    case (.header, _): item = .header(try open(frame))
    case (.event, .events): item = .event(try event(in: frame))
    case (.blob, .events):
      guard let blob = BundleBlob(packed: frame.payload), last == header?.last else {
        throw fault("a content cannot be read, or stands before the events")
      }
      count += 1
      item = .blob(blob)
    case (.held, .receipt):
      guard let hash = Hash(bytes: frame.payload) else { throw fault("a receipt cannot be read") }
      count += 1
      item = .held(hash)
    case (.receipt, .receipt):
      guard let receipt = BundleReceipt(packed: frame.payload) else { throw fault("a receipt cannot be read") }
      count += 1
      item = .receipt(receipt)
    default: throw fault("it carries what its header does not say")
    }
    tree.add(frame.leaf)
    return item
  }

  private mutating func open(_ frame: BundleFrame) throws(BundleFault) -> BundleHeader {
    let header: BundleHeader
    do {
      header = try BundleHeader(bytes: frame.payload)
    } catch {
      throw fault("the header cannot be read: \(error)")
    }
    guard header.last.seq >= header.base.seq else { throw fault("it ends before it begins") }
    self.header = header
    last = header.base
    stage = .content
    return header
  }

  /// An event right after the one before, with links that hold.
  private mutating func event(in frame: BundleFrame) throws(BundleFault) -> OfferedEvent {
    guard let event = OfferedEvent(packed: frame.payload), let stream = header?.stream else {
      throw fault("an event cannot be read")
    }
    // Both numbers are the file's: one of them may be the largest that there is.
    guard event.seq > 0, event.seq - 1 == last.seq, event.prev == last.hash, event.isIntact(in: stream) else {
      throw fault("event #\(event.seq) is not linked to the one before it")
    }
    last = event.position
    count += 1
    return event
  }

  private mutating func end(_ frame: BundleFrame) throws(BundleFault) -> Item {
    var reader = PackedReader(frame.payload)
    guard let header, let total = reader.natural(), let root = reader.hash(), reader.isAtEnd, total == count,
      header.count == count, root == tree.hash, header.content != .events || last == header.last
    else { throw fault("its trailer is not that of what came before") }
    stage = .done
    return .end
  }

  private func fault(_ words: String) -> BundleFault { BundleFault(.contradictory(words), at: offset) }
}
