/// The first 16 bytes of a SHA-256: names a record or a case on every machine alike.
public struct ShortHash: Hashable, Sendable, Comparable {
  public let bytes: [UInt8]

  /// Keeps exactly 16 bytes; nil for any other number.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 16 else { return nil }
    self.bytes = Array(bytes)
  }

  /// Reads 32 hexadecimal digits.
  public init?(hex: String) {
    guard let bytes = Hexadecimal.bytes(of: hex) else { return nil }
    self.init(bytes: bytes)
  }

  /// 32 hexadecimal digits.
  public var hex: String { Hexadecimal.text(of: bytes) }

  /// The six digits that screens show.
  public var short: String { String(hex.prefix(6)) }

  public static func < (left: ShortHash, right: ShortHash) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }
}

/// Bytes as hexadecimal digits.
public enum Hexadecimal {
  private static let digits = Array("0123456789abcdef".utf8)

  /// Two lower-case digits a byte.
  public static func text(of bytes: [UInt8]) -> String {
    String(unsafeUninitializedCapacity: 2 * bytes.count) { text in
      for (index, byte) in bytes.enumerated() {
        text[2 * index] = digits[Int(byte >> 4)]
        text[2 * index + 1] = digits[Int(byte & 15)]
      }
      return 2 * bytes.count
    }
  }

  /// The bytes of an even number of digits; nil for anything else.
  public static func bytes(of text: String) -> [UInt8]? {
    let characters = Array(text.utf8)
    guard characters.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(characters.count / 2)
    for index in stride(from: 0, to: characters.count, by: 2) {
      guard let high = value(of: characters[index]), let low = value(of: characters[index + 1]) else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }

  private static func value(of digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}

/// Somebody's present judgement of a case.
public struct GivenJudgement: Hashable, Sendable {
  public var analyst: RawText
  public var at: Timestamp
  public var judgement: Judgement
  public var stage: JudgementStage
  public var assistance: Assistance
  /// The number of the event in its stream; nil for a colleague's.
  public var sequence: Int?

  public init(
    analyst: RawText, at: Timestamp, judgement: Judgement, stage: JudgementStage = .final,
    assistance: Assistance = .explanation, sequence: Int? = nil
  ) {
    self.analyst = analyst
    self.at = at
    self.judgement = judgement
    self.stage = stage
    self.assistance = assistance
    self.sequence = sequence
  }
}

/// The unit of work: a record, its answer, why, its signals, and what people said.
public struct Case: Hashable, Sendable, Identifiable {
  public var id: ShortHash
  public var recordID: ShortHash
  /// The short number in this ledger.
  public var number: Int
  /// When the record occurred, not when it was scored.
  public var at: Timestamp
  /// The source's own id of the record; empty where it has none.
  public var sourceID: RawText
  public var model: ModelID
  public var record: Record
  public var prediction: Prediction
  public var explanations: [Explanation]
  public var outlier: Outlier?
  /// Judgements in force: the analyst's own and, where known, colleagues'.
  public var judgements: [GivenJudgement]

  public init(
    id: ShortHash, recordID: ShortHash, number: Int, at: Timestamp, sourceID: RawText = "", model: ModelID,
    record: Record, prediction: Prediction, explanations: [Explanation] = [], outlier: Outlier? = nil,
    judgements: [GivenJudgement] = []
  ) {
    self.id = id
    self.recordID = recordID
    self.number = number
    self.at = at
    self.sourceID = sourceID
    self.model = model
    self.record = record
    self.prediction = prediction
    self.explanations = explanations
    self.outlier = outlier
    self.judgements = judgements
  }

  /// `8841 3fa9c1`.
  public var name: String { "\(number) \(id.short)" }
}
