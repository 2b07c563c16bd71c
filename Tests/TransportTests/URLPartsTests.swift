import Testing
import Transport

@Suite("A URL")
struct URLPartsTests {
  @Test(
    "reads into its parts",
    arguments: [
      ("https://Mesh.Lab", "https", "mesh.lab", 443, "/"),
      ("HTTP://mesh.lab:8080/v2?a=b#c", "http", "mesh.lab", 8080, "/v2?a=b"),
      ("http://[::1]:9000?x", "http", "::1", 9000, "/?x"),
      ("https://10.0.0.1:443/%2F", "https", "10.0.0.1", 443, "/%2F"),
    ])
  func parts(text: String, scheme: String, host: String, port: Int, target: String) throws {
    let parts = try URLParts(text)
    #expect(parts.scheme.rawValue == scheme)
    #expect(parts.host == host)
    #expect(parts.port == port)
    #expect(parts.target == target)
  }

  @Test("prints without what goes without saying")
  func origin() throws {
    #expect(try URLParts("https://mesh.lab:443/x").description == "https://mesh.lab/x")
    #expect(try URLParts("http://[::1]:80").origin == "http://[::1]")
    #expect(try URLParts("http://a:81").origin == "http://a:81")
  }

  @Test(
    "is refused where it could be read in two ways",
    arguments: [
      "", "mesh.lab", "//mesh.lab", "ftp://mesh.lab", "file:///etc/passwd", "https://", "https:///x",
      "https://user:secret@mesh.lab/", "https://mesh.lab@evil/", "https://mesh.lab\\@evil/", "https://mesh.lab:/",
      "https://mesh.lab:0/", "https://mesh.lab:65536/", "https://mesh.lab:80:80/", "https://mesh lab/",
      "https://mesh.lab/\u{e9}", "https://m\u{e9}sh.lab/", "https://[::1/", "https://[::g]/", "https://[::1]x/",
      "https://mesh.lab/\r\nX: y", "https://mesh%2elab/", "https://mesh.lab:+80/",
    ])
  func refused(text: String) {
    let error = #expect(throws: TransportError.self) { try URLParts(text) }
    #expect(error.map { !$0.description.contains("secret") } == true)
  }

  @Test(
    "knows this machine",
    arguments: [
      ("127.0.0.1", true), ("127.255.0.3", true), ("localhost", true), ("LOCALHOST", true), ("[::1]", true),
      ("127.1", false), ("127.0.0.01", false), ("0177.0.0.1", false), ("2130706433", false), ("128.0.0.1", false),
      ("127.0.0.1.lab", false), ("localhost.lab", false), ("0.0.0.0", false), ("[::2]", false), ("127.0.0.256", false),
    ])
  func loopback(host: String, isLoopback: Bool) throws {
    #expect(try URLParts("http://\(host)/").isLoopback == isLoopback)
  }

  @Test(
    "takes any name as one segment",
    arguments: [
      ("wine", "wine"), ("a/b c", "a%2Fb%20c"), ("..", "%2E%2E"), (".", "%2E"), ("v1.2", "v1.2"), ("é", "%C3%A9"),
      ("a?b#c%", "a%3Fb%23c%25"), ("", ""),
    ])
  func segments(name: String, encoded: String) {
    #expect(URLParts.encoded(segment: name) == encoded)
  }

  @Test("takes bytes that are no text as one segment")
  func bytes() {
    #expect(URLParts.encoded(segment: [0xFF, 0x00, 0x41]) == "%FF%00A")
  }
}
