public import Domain
public import Feedback

/// What became of a bundle that was handed in over the network: `POST /v1/bundles`, answered once all of it is durable.
public struct BundleAnswer: Message {
  /// Events one after the other with the same verdict.
  public struct Run: Hashable, Sendable {
    public var first: Int
    public var last: Int
    public var verdict: RecordVerdict
    /// Why they were set aside; empty otherwise.
    public var code: RawText

    public init(_ first: Int, through last: Int, _ verdict: RecordVerdict, code: RawText = "") {
      (self.first, self.last, self.verdict, self.code) = (first, last, verdict, code)
    }

    var count: Int { last - first + 1 }
  }

  /// The SHA-256 of the bundle.
  public var bundle: Hash
  /// Whose key signed it.
  public var analyst: RawText
  public var stream: StreamID
  /// A verdict for each event that was offered now, in their order. What an earlier sending had brought, before it was cut
  /// off, has none.
  public var results: [Run]
  /// Contents that came with them and are whole at the collector.
  public var contents: [Hash]
  /// Contents of which pieces came, and that are not whole there.
  public var incomplete: [BlobState]
  /// Events of before, set aside for the name that they were recorded under, that count from now on.
  public var released: Int
  /// A bundle that goes back: what the collector holds of these events.
  public var receipt: [UInt8]

  public init(
    bundle: Hash, analyst: RawText, stream: StreamID, results: [Run], contents: [Hash] = [],
    incomplete: [BlobState] = [], released: Int = 0, receipt: [UInt8]
  ) {
    self.bundle = bundle
    self.analyst = analyst
    self.stream = stream
    self.results = results
    self.contents = contents
    self.incomplete = incomplete
    self.released = released
    self.receipt = receipt
  }

  /// How many events came to each verdict.
  public var verdicts: [RecordVerdict: Int] {
    results.reduce(into: [:]) { counts, run in counts[run.verdict, default: 0] += run.count }
  }

  public init(json: JSON) throws(WireError) {
    let object = try WireObject(json)
    var results: [Run] = []
    for run in try object.objects("results") { results.append(try Run(wire: run, after: results.last?.last ?? 0)) }
    var incomplete: [BlobState] = []
    for state in try object.objects("incomplete") { incomplete.append(try BlobState(json: state.json)) }
    var contents: [Hash] = []
    for text in try object.texts("contents") {
      guard let hash = Hash(hex: text.string) else { throw WireError("contents holds something other than hashes") }
      contents.append(hash)
    }
    self.init(
      bundle: try object.hash("bundle"), analyst: try object.text("analyst"), stream: try object.stream("stream"),
      results: results, contents: contents, incomplete: incomplete, released: try object.natural("released"),
      receipt: try object.base64("receipt"))
  }

  public var json: JSON {
    let counts = verdicts.sorted { $0.key.text < $1.key.text }
    return .object([
      "bundle": .hexadecimal(bundle.bytes), "analyst": .string(analyst), "stream": .hexadecimal(stream.bytes),
      "verdicts": .object(counts.map { JSON.Member($0.key.text, .count($0.value)) }),
      "results": .array(results.map(\.json)), "contents": .array(contents.map { .hexadecimal($0.bytes) }),
      "incomplete": .array(incomplete.map(\.json)), "released": .count(released),
      "receipt": .string(RawText(bytes: Base64.text(of: receipt))),
    ])
  }
}

extension BundleAnswer.Run {
  fileprivate init(wire: WireObject, after place: Int) throws(WireError) {
    self.init(
      try wire.natural("first"), through: try wire.natural("last"), RecordVerdict(try wire.text("verdict")),
      code: try wire.optional("code", wire.text) ?? "")
    guard first > place, last >= first else { throw WireError("results are not in the order of the events") }
  }

  fileprivate var json: JSON {
    var members = [
      JSON.Member("first", .count(first)), JSON.Member("last", .count(last)),
      JSON.Member("verdict", .string(verdict.text)),
    ]
    if !code.isEmpty { members.append(JSON.Member("code", .string(code))) }
    return .object(members)
  }
}

extension BundleAnswer {
  /// Joins a result to those before it.
  public static func add(_ result: RecordResult, to runs: inout [Run]) {
    if let last = runs.last, last.last + 1 == result.position.seq, last.verdict == result.verdict,
      last.code == result.code
    {
      runs[runs.count - 1].last = result.position.seq
    } else {
      runs.append(Run(result.position.seq, through: result.position.seq, result.verdict, code: result.code))
    }
  }
}

extension SSHSignature {
  /// The header in which the signature of a bundle travels beside it: the text of the file `.sig`, in base64.
  public static let header = "mds-signature"

  /// The header's value for the text of a signature file.
  public static func headerValue(of text: [UInt8]) -> String { String(decoding: Base64.text(of: text), as: UTF8.self) }

  /// The text of the signature file; nil where the value is no base64.
  public static func text(inHeader value: String) -> String? {
    Base64.bytes(of: Array(value.utf8)).map { String(decoding: $0, as: UTF8.self) }
  }
}
