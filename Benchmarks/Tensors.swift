import Domain
import OpenInference

/// A million 32-bit numbers, as a service answers them.
enum Tensors {
  static func rows() throws -> [Entry] {
    let values = (0..<1_000_000).map { Float($0) * 0.731 / 1000 }
    let head = #"{"model_name":"m","outputs":[{"name":"y","datatype":"FP32","shape":[1000000],"#
    let text = Array((head + #""data":["# + values.map { "\($0)" }.joined(separator: ",") + "]}]}").utf8)
    let header = Array((head + #""parameters":{"binary_data_size":4000000}}]}"#).utf8)
    let bytes = values.withUnsafeBytes { Array($0) }
    let binary = header + bytes
    var (scan, read, copy) = (Times(), Times(), Times())
    for _ in 0..<15 {
      let scanned = try scan.measure { try InferenceResponse(decoding: text) }
      let given = try read.measure { try InferenceResponse(decoding: binary, headerLength: header.count) }
      let copied = copy.measure { bytes.withUnsafeBytes { Array($0) } }
      guard scanned[output: "y"]?.elements == .single(values), given[output: "y"]?.elements == .single(values),
        copied.count == bytes.count
      else { throw Programs.Failure(description: "the numbers are not those that were sent") }
    }
    return [
      Entry("FP32[1,000,000], JSON scan (p50 of 15)", milliseconds: scan.median, atMost: 40),
      Entry(
        "FP32[1,000,000], binary, beyond the copy", milliseconds: max(0, read.median - copy.median), atMost: 3,
        note: "the copy takes \(copy.median.short)"),
    ]
  }
}
