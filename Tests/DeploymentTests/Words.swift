import Deployment
import Domain
import Glibc
import OpenInference
import WireFixtures

/// A model that gives a text back word by word, as MLServer and Triton serve it.
enum Words {
  static let signature = Signature(
    inputs: [TensorSpec(name: "text", datatype: .bytes, shape: [-1, 1])],
    outputs: [TensorSpec(name: "text", datatype: .bytes, shape: [-1, 1])])

  static let triton = Signature(
    inputs: [
      TensorSpec(name: "text_input", datatype: .bytes, shape: [1]),
      TensorSpec(name: "max_tokens", datatype: .int32, shape: [1]),
      TensorSpec(name: "stream", datatype: .bool, shape: [1]),
    ], outputs: [TensorSpec(name: "text_output", datatype: .bytes, shape: [1])])

  static func record(_ input: RawText = "text") -> Record {
    let shape = input == "text" ? [1, 1] : [1]
    return Record(
      tensors: [Tensor(name: input, datatype: .bytes, shape: shape, elements: .bytes(["one two three"]))])
  }

  /// Every piece that comes, and why no more came.
  static func read(
    _ service: InferenceService, signature: Signature = signature, input: RawText = "text",
    parameters: [JSON.Member] = [], each: () -> Void = {}
  ) async -> (pieces: [AnswerPiece], error: DeploymentError?) {
    var pieces: [AnswerPiece] = []
    do throws(DeploymentError) {
      let stream = try service.stream(
        ModelID("words"), record: record(input), parameters: parameters, signature: signature, call: Samples.call)
      var iterator = stream.makeAsyncIterator()
      while let piece = try await iterator.next() {
        pieces.append(piece)
        each()
      }
      return (pieces, nil)
    } catch {
      return (pieces, error)
    }
  }

  /// `infer_stream` of `POST /v2/models/words/infer_stream`; else the whole path.
  static func path(_ request: ReceivedRequest) -> String {
    let path = request.line.split(separator: " ")[1]
    return path.hasPrefix("/v2/models/") ? String(path.split(separator: "/").last ?? "") : String(path)
  }

  static let head = Array(
    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
  static let end = Array("0\r\n\r\n".utf8)

  static func chunk(_ text: String) -> [UInt8] {
    Array("\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n".utf8)
  }

  static func event(_ text: String) -> String {
    #"data: {"model_name":"words","model_version":"1","outputs":[{"name":"text","shape":[1,1],"datatype":"BYTES","#
      + #""data":["\#(text)"]}]}"# + "\n\n"
  }

  /// The pace of a server that is slow.
  static func pause() { usleep(2000) }
}

func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
