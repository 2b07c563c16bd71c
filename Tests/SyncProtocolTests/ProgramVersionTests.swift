internal import Domain
internal import SyncProtocol
internal import Testing

@Suite("A program's version") struct ProgramVersionTests {
  @Test("is compared by its numbers, not as text; what is left out is 0") func order() {
    let texts = ["0.1", "0.9.9", "0.10", "1", "1.0.1", "1.3", "1.4", "1.4.1", "1.10", "2.0"]
    let versions = texts.compactMap { ProgramVersion(text: $0) }
    #expect(versions.count == texts.count && versions == versions.sorted())
    #expect(ProgramVersion(text: "1") == ProgramVersion(text: "1.0.0"))
    #expect(versions.allSatisfy { ProgramVersion(text: $0.description) == $0 })
    #expect(ProgramVersion(1, 4).description == "1.4" && ProgramVersion(1, 4, 2).description == "1.4.2")
  }

  @Test("is nothing else", arguments: ["", ".", "1.", ".4", "1.4.2.7", "v1", "1.4-rc1", "-1", "+1", "1 4", "1234567"])
  func wrong(text: String) {
    #expect(ProgramVersion(text: text) == nil)
  }

  @Test("is found in what a workbench says of itself, and in nobody else's words") func tool() {
    #expect(ProgramVersion(tool: "mds 0.1") == ProgramVersion(0, 1))
    #expect(ProgramVersion(tool: "mds/1.4.2") == ProgramVersion(1, 4, 2))
    for other in ["", "mds", "mds x", "other 1.4", "mds 1.4 beta"] as [RawText] {
      #expect(ProgramVersion(tool: other) == nil)
    }
  }
}
