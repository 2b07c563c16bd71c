internal import Testing

@testable import SyncProtocol

@Suite("Base64") struct Base64Tests {
  @Test(
    "the vectors of RFC 4648 §10",
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
      ("foobar", "Zm9vYmFy"),
    ]) func vectors(plain: String, text: String)
  {
    #expect(Base64.text(of: Array(plain.utf8)) == Array(text.utf8))
    #expect(Base64.bytes(of: Array(text.utf8)) == Array(plain.utf8))
  }

  @Test("each value has one text: other padding, lengths, characters and stray bits are refused")
  func strict() {
    for text in ["Zg", "Zg=", "Z===", "====", "Zh==", "Zm9=", "Zg==Zg==", "Zm 9v", "Zm9-", "=Zm9"] {
      #expect(Base64.bytes(of: Array(text.utf8)) == nil, "\(text)")
    }
  }
}
