internal import Domain
public import Feedback

/// The collector's answer to a run of events of a bundle: what it would have answered to them as a batch.
public struct BundleReceipt: Hashable, Sendable {
  /// The event before the first that is answered.
  public var base: Position
  public var answer: BatchAnswer

  public init(base: Position, answer: BatchAnswer) {
    self.base = base
    self.answer = answer
  }

  /// `base ‖ u64 epoch ‖ head ‖ safe ‖ u64 µs ‖ u32 count ‖ count × (hash ‖ verdict ‖ code)`: a place is `u64 seq ‖ hash`,
  /// a word is its length in a byte and its bytes. The results are of the places right after the base.
  var packed: [UInt8] {
    var packed = PackedBytes()
    packed.add(base)
    packed.add(UInt64(answer.epoch))
    packed.add(answer.head)
    packed.add(answer.safe)
    packed.add(answer.now.microseconds)
    packed.add(UInt32(answer.results.count))
    for result in answer.results {
      packed.add(result.position.hash.bytes)
      for word in [result.verdict.text.bytes, result.code.bytes] {
        packed.add(UInt8(min(word.count, 255)))
        packed.add(Array(word.prefix(255)))
      }
    }
    return packed.bytes
  }

  init?(packed: [UInt8]) {
    var reader = PackedReader(packed)
    guard let base = reader.position(), let epoch = reader.natural(), let head = reader.position(),
      let safe = reader.position(), let now = reader.number(UInt64.self), let count = reader.number(UInt32.self)
    else { return nil }
    var results: [RecordResult] = []
    for offset in 0..<Int(count) {
      let (seq, isTooFar) = base.seq.addingReportingOverflow(1 + offset)
      guard !isTooFar, let hash = reader.hash(), let verdict = reader.word(), let code = reader.word() else {
        return nil
      }
      results.append(RecordResult(Position(seq: seq, hash: hash), RecordVerdict(verdict), code: code))
    }
    guard reader.isAtEnd else { return nil }
    self.init(
      base: base,
      answer: BatchAnswer(
        epoch: epoch, head: head, safe: safe, now: Timestamp(microseconds: Int64(bitPattern: now)), results: results))
  }
}

extension PackedReader {
  fileprivate mutating func word() -> RawText? {
    number(UInt8.self).flatMap { bytes(Int($0)) }.map { RawText(bytes: $0) }
  }
}
