import Foundation
import Testing

/// What pins the past of a ledger.
@Suite("The head of a stream", .serialized)
struct SignedHeadWalkTests {
  @Test("is signed with the device's key when a session has saved something; stock ssh-keygen takes the signature")
  func signed() throws {
    try CommandHome.onService { home, service in
      #expect(
        try home.run("infer", "wine", "--input", CommandTests.wine, "--output", home.scratch.path + "/w").status == 0)
      try home.judgeOne(greeted: "In three lines")

      let checked = try home.run("ledger", "verify")
      #expect(checked.status == 0, "\(checked)")
      #expect(checked.text.contains("signed with this device's key up to #5, on "), "\(checked)")
      let report = try CommandRun.objects(of: home.run("ledger", "verify", "--json").text)
      let (message, signature) = (report.first?["signed_text"] as? String, report.first?["signature"] as? String)
      #expect(report.first?["signed_up_to"] as? Int == 5 && message?.contains("\nseq 5\n") == true, "\(report)")
      let text = try home.write(#require(message), to: "head")
      let proof = try home.write(#require(signature), to: "head.sig")
      let verified = try output(of: [
        "/bin/sh", "-c", "ssh-keygen -Y check-novalidate -n mds-head -s '\(proof)' < '\(text)'",
      ])
      #expect(verified.status == 0, "\(verified)")
    }
  }
}
