import Domain
import OpenInference
import Testing

@Suite("error bodies") struct ErrorBodyTests {
  @Test(
    "every shape of error body gives its message",
    arguments: [
      (#"{"error":"Model nosuch not found"}"#, "Model nosuch not found"),
      (#"{"detail":"Not Found"}"#, "Not Found"),
      (
        #"{"detail":[{"type":"missing","loc":["body","inputs",0,"shape"],"msg":"Field required","input":{"a":[1]}}]}"#,
        "inputs[0].shape: Field required"
      ),
      (
        #"{"detail":[{"type":"json_invalid","loc":["body",12],"msg":"JSON decode error"},{"msg":"b"}]}"#,
        "byte 12: JSON decode error; b"
      ),
      (#"{"status":{"code":-1,"info":"bad data","reason":"MICROSERVICE_BAD_DATA"}}"#, "bad data"),
      (#"{"code":602,"message":"no such silence"}"#, "no such silence"),
      (#"{"error":{"message":"inner"}}"#, "inner"),
      (#"{"live":false}"#, #"{"live":false}"#),
      (#""text""#, "text"),
      ("Internal Server Error", "Internal Server Error"),
      ("  upstream request timeout\n", "upstream request timeout"),
      ("<html><head><title>502 Bad\n Gateway</title></head><body><h1>no</h1></body></html>", "502 Bad Gateway"),
      ("<h1>Gone</h1><p>for good</p>", "Gone for good"),
      ("", ""),
    ])
  func shapes(body: String, message: String) {
    #expect(ErrorBody(decoding: Array(body.utf8)).message == RawText(message))
  }

  @Test("a long traceback is cut at a letter's end")
  func long() {
    let message = ErrorBody(decoding: Array(String(repeating: "é", count: 5000).utf8)).message
    #expect(message.bytes.count <= ErrorBody.longestMessage + 3)
    #expect(message.string.hasSuffix("é…"))
  }

  @Test("what is written reads back")
  func roundTrip() {
    let body = ErrorBody(message: "input 'x' is missing")
    #expect(ErrorBody(decoding: body.encoded) == body)
  }
}
