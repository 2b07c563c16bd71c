import Testing

@testable import Transport

@Suite("Headers")
struct HTTPHeadersTests {
  static func read(_ lines: [String]) -> HTTPHeaders {
    var headers = HTTPHeaders()
    for line in lines { Array(line.utf8).withUnsafeBufferPointer { headers.append(line: $0) } }
    return headers
  }

  @Test("keep order, spelling and duplicates")
  func order() {
    let headers = Self.read(["X-A:1", "x-a: \t2 \t", "Y:", "no colon", ""])
    #expect(headers.map(\.name) == ["X-A", "x-a", "Y"])
    #expect(headers.map(\.value) == ["1", "2", ""])
    #expect(headers.all("x-A") == ["1", "2"])
    #expect(headers["z"] == nil)
    #expect(headers["y"] == "")
    #expect(headers.count == 3)
  }

  @Test("join a value that goes on in the next line")
  func folded() {
    #expect(Self.read([" lost", "X: one", "\ttwo", "Y: 3"])["x"] == "one two")
  }

  @Test("are the same by hand")
  func byHand() {
    #expect(HTTPHeaders([("A", "1"), ("a", "2")]).all("A") == ["1", "2"])
  }

  @Test("of an answer end it once, after interim ones; what follows is trailers")
  func head() {
    var reader = HeadReader(limit: 1000)
    let lines = [
      "HTTP/1.1 100 Continue\r\n", "A: 0\r\n", "\r\n", "HTTP/2 207 \r\n", "B: 1\r\n", "\r\n", "C: 2\r\n", "\r\n",
    ]
    let steps = lines.map { line in Array(line.utf8).withUnsafeBufferPointer { reader.take($0) } }
    #expect(steps == [.more, .more, .more, .more, .more, .complete, .more, .more])
    #expect(reader.status == 207)
    #expect(reader.headers.map(\.name) == ["B"])
    #expect(reader.trailers["c"] == "2")
  }
}
