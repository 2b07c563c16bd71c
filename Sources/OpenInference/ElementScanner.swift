internal import CNumbers
internal import Domain

extension JSONScanner {
  /// The elements of a tensor's `data`, flat or nested, row by row, in the type that holds them exactly.
  ///
  /// A lone value counts as a list of one. The place is named in errors, with the element's index.
  mutating func elements(_ datatype: Datatype, at place: String) throws(OpenInferenceError) -> Tensor.Elements {
    switch datatype {
    case .bool:
      return .bool(try collect(at: place) { (scanner) throws(OpenInferenceError) in try scanner.flag() })
    case .bytes:
      return .bytes(
        try collect(at: place) { (scanner) throws(OpenInferenceError) in try scanner.optionalText(at: "") })
    case .fp16, .bf16, .fp32:
      return .single(
        try collect(at: place, run: Run(zero: 0) { mds_scan_floats($0, $1, $2, $3, $4) }) {
          (scanner) throws(OpenInferenceError) in Float(try scanner.quotedNumber())
        })
    case .fp64:
      return .double(
        try collect(at: place, run: Run(zero: 0) { mds_scan_doubles($0, $1, $2, $3, $4) }) {
          (scanner) throws(OpenInferenceError) in try scanner.quotedNumber()
        })
    case .int8, .int16, .int32, .int64:
      let range = datatype.signedRange ?? Int64.min...Int64.max
      let run = Run(zero: Int64(0)) { mds_scan_signed($0, $1, range.lowerBound, range.upperBound, $2, $3, $4) }
      return .signed(
        try collect(at: place, run: run) { (scanner) throws(OpenInferenceError) in
          try scanner.whole(datatype, in: range)
        })
    case .uint8, .uint16, .uint32, .uint64:
      let range = 0...(datatype.unsignedMaximum ?? .max)
      let run = Run(zero: UInt64(0)) { mds_scan_unsigned($0, $1, range.upperBound, $2, $3, $4) }
      return .unsigned(
        try collect(at: place, run: run) { (scanner) throws(OpenInferenceError) in
          try scanner.whole(datatype, in: range)
        })
    }
  }

  /// Walks the lists and gathers their elements: as many at a time as `run` takes, else one by one.
  private mutating func collect<Element>(
    at place: String, run: Run<Element>? = nil, one: (inout JSONScanner) throws(OpenInferenceError) -> Element
  ) throws(OpenInferenceError) -> [Element] {
    var gathered: [Element] = []
    var run = run
    var depth = 0
    var mayClose = false
    while true {
      skipSpace()
      if accept("[") {
        depth += 1
        guard depth <= limits.depth else { throw OpenInferenceError(.tooDeep(limit: limits.depth), at: place) }
        mayClose = true
        continue
      }
      if !(mayClose && next == UInt8(ascii: "]")) {
        guard position < end else { throw malformed("the text ends inside a list") }
        let before = gathered.count
        run?.read(from: &self, into: &gathered)
        if gathered.count == before {
          do {
            gathered.append(try one(&self))
          } catch {
            throw error.place.isEmpty ? OpenInferenceError(error.reason, at: "\(place)[\(before)]") : error
          }
        }
        elementsLeft -= gathered.count - before
        guard elementsLeft >= 0 else { throw OpenInferenceError(.tooMany(limit: limits.elements), at: place) }
      }
      if depth == 0 { return gathered }
      closing: while true {
        skipSpace()
        if accept(",") { break closing }
        guard accept("]") else { throw malformed("a comma or ] is missing") }
        depth -= 1
        if depth == 0 { return gathered }
      }
      mayClose = false
    }
  }

  private mutating func flag() throws(OpenInferenceError) -> Bool {
    if accept(word: "true") || accept(word: "1") { return true }
    if accept(word: "false") || accept(word: "0") { return false }
    throw OpenInferenceError(.expected("true or false"))
  }

  /// `"NaN"`, `"Infinity"` and `"-Infinity"`, as protobuf's JSON writes them: the bare ones were read before.
  private mutating func quotedNumber() throws(OpenInferenceError) -> Double {
    if accept(word: "\"NaN\"") { return .nan }
    if accept(word: "\"Infinity\"") { return .infinity }
    if accept(word: "\"-Infinity\"") { return -.infinity }
    throw OpenInferenceError(.expected("a number"))
  }

  /// A whole number that is written with a fraction or an exponent: `1.0`, `1e3`.
  private mutating func whole<Number: FixedWidthInteger>(
    _ datatype: Datatype, in range: ClosedRange<Number>
  ) throws(OpenInferenceError) -> Number {
    let start = position
    scan: while position < end {
      switch bytes[position] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "e"), UInt8(ascii: "E"):
        position += 1
      default: break scan
      }
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    guard let value = Double(text) else { throw OpenInferenceError(.expected("a whole number")) }
    guard value.isFinite else { throw OpenInferenceError(.outsideDatatype(text, datatype)) }
    guard value == value.rounded(.towardZero) else { throw OpenInferenceError(.notWhole(text)) }
    // `9007199254740993.0`: the digits before a fraction of zeros are exact, the Double is not.
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let exact = parts.count == 2 && parts[1].utf8.allSatisfy { $0 == UInt8(ascii: "0") } ? Number(parts[0]) : nil
    guard let number = exact ?? Number(exactly: value), range.contains(number) else {
      throw OpenInferenceError(.outsideDatatype(text, datatype))
    }
    return number
  }
}

/// Reads many numbers at a time through a C scanner, in chunks, so that nothing is reserved on a server's word.
private struct Run<Number> {
  typealias Scan = (
    UnsafePointer<UInt8>, UnsafePointer<UInt8>, UnsafeMutablePointer<Number>, Int, UnsafeMutablePointer<Int>
  ) -> Int

  private let scan: Scan
  private var chunk: [Number]

  init(zero: Number, scan: @escaping Scan) {
    self.scan = scan
    chunk = Array(repeating: zero, count: 1024)
  }

  mutating func read(from scanner: inout JSONScanner, into numbers: inout [Number]) {
    var used = 0
    let (position, end) = (scanner.position, scanner.end)
    // Sound: the scanner reads [position, end) only, and end is at most the number of bytes.
    let count = scanner.bytes.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress, end <= bytes.count else { return 0 }
      return chunk.withUnsafeMutableBufferPointer { chunk in
        chunk.baseAddress.map { scan(base + position, base + end, $0, chunk.count, &used) } ?? 0
      }
    }
    scanner.position += used
    numbers.append(contentsOf: chunk[..<count])
  }
}
