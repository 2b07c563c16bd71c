import Foundation
import Testing

/// What a credential leaves behind: nothing.
@Suite("A credential") struct CredentialTests {
  private static let canary = "canary-4f1d9e7a20c8"

  @Test("is in no file, no output and no message but the file that the user keeps it in")
  func canary() throws {
    let service = try RunningServer.service()
    defer { service.stop() }
    try CommandHome.alone { home in
      let token = try home.write(Self.canary + "\n", to: "lab.token")
      chmod(token, 0o600)
      let kubeconfig = try home.write(
        """
        apiVersion: v1
        kind: Config
        current-context: c
        clusters: [{name: k, cluster: {server: "https://127.0.0.1:1"}}]
        users: [{name: u, user: {token: \(Self.canary)}}]
        contexts: [{name: c, context: {cluster: k, user: u, namespace: lab}}]
        """, to: "kubeconfig")
      chmod(kubeconfig, 0o600)
      let input = try home.write(
        String(contentsOfFile: Paths.repository + "/fixtures/records/wine.jsonl", encoding: .utf8), to: "wine.jsonl")
      var said = ""
      for words in [
        ["connect", service.url, "--name", "lab", "--token-file", token],
        ["connect", "http://127.0.0.1:1", "--token-file", token],
        ["config", "import", "kube", kubeconfig], ["config", "show", "--json"], ["config", "check"],
        ["models", "--json"],
        ["signature", "wine", "--json"],
        ["infer", "wine", "--input", input, "--output", home.scratch.path + "/out.jsonl"],
        ["infer", "nosuch", "--input", input], ["explain", "wine", "--input", input], ["doctor", "--json"],
        ["cases", "list"],
        ["feedback", "export"], ["ledger", "verify"],
      ] {
        let run = try home.run(words)
        said += run.text + run.errors
      }
      #expect(said.contains("wine"))
      #expect(!said.contains(Self.canary))
      let kept = Set([token, kubeconfig].map { URL(fileURLWithPath: $0).lastPathComponent } + ["c.token"])
      let files = try #require(FileManager.default.enumerator(atPath: home.scratch.path))
      var looked = 0
      for case let name as String in files {
        let path = home.scratch.path + "/" + name
        guard let bytes = FileManager.default.contents(atPath: path) else { continue }
        looked += 1
        let holds = bytes.range(of: Data(Self.canary.utf8)) != nil
        #expect(!holds || kept.contains(URL(fileURLWithPath: name).lastPathComponent), "\(name)")
      }
      #expect(looked > 4)
      // The kubeconfig's token was moved into a file for the user alone, which the configuration names.
      let moved = home.configuration + "/kubernetes/c.token"
      let attributes = try FileManager.default.attributesOfItem(atPath: moved)
      #expect(attributes[.posixPermissions] as? Int == 0o600)
      #expect(try home.read("config/mds/config.toml").contains("kubernetes/c.token"))
    }
  }
}
