import ConfigurationFile
import Domain
import Testing

@Suite("A kubeconfig")
struct KubeconfigTests {
  static let text = """
    apiVersion: v1
    kind: Config
    current-context: lab
    clusters:
    - name: c1
      cluster:
        server: https://cluster.example:6443/
        certificate-authority-data: LS0tCg==
        proxy-url: http://proxy.example:3128
    - name: c2
      cluster: {server: "https://10.0.0.1:6443", certificate-authority: ca.pem, insecure-skip-tls-verify: true}
    users:
    - name: u1
      user: {token: canary-token}
    - name: u2
      user:
        client-certificate: me.crt
        client-key-data: a2V5
    - name: u3
      user:
        exec:
          apiVersion: client.authentication.k8s.io/v1
          command: aws
          args: [eks, get-token, --cluster-name, lab]
          env: [{name: AWS_PROFILE, value: lab}]
    contexts:
    - {name: lab, context: {cluster: c1, user: u1, namespace: seldon-mesh}}
    - {name: other, context: {cluster: c2, user: u2}}
    - {name: cloud, context: {cluster: c1, user: u3}}
    - {name: gone, context: {cluster: c9, user: u1}}
    """

  @Test("gives each context with its cluster and who one is there; one without a cluster is left out")
  func contexts() throws {
    let read = try Kubeconfig(parsing: Array(Self.text.utf8))
    #expect(read.currentContext == "lab")
    #expect(read.contexts.map(\.name) == ["lab", "other", "cloud"])
    let lab = read.contexts[0]
    #expect(lab.server == "https://cluster.example:6443/")
    #expect(lab.namespace == "seldon-mesh")
    #expect(lab.authority == .inline(Array("---\n".utf8)))
    #expect(lab.token == .inline("canary-token"))
    #expect(lab.proxy == "http://proxy.example:3128")
    let other = read.contexts[1]
    #expect(other.authority == .file("ca.pem"))
    #expect(other.certificate == .file("me.crt"))
    #expect(other.key == .inline(Array("key".utf8)))
    #expect(other.warnings.count == 1)
    #expect(read.contexts[2].token == .program(["aws", "eks", "get-token", "--cluster-name", "lab"]))
    #expect(read.contexts[2].warnings.first?.contains("aws") == true)
  }

  @Test("that is wrong names the place and never what stands there")
  func wrong() {
    for text in ["users: [token: canary", "canary", "a: 1", "\u{0}", ""] {
      let problem = #expect(throws: Problem.self) { try Kubeconfig(parsing: Array(text.utf8)) }
      #expect(problem?.kind == .invalidInput)
      #expect(problem.map { !($0.summary + $0.advice + $0.detail).contains("canary") } == true)
    }
  }
}

@Suite("A profile of the seldon command line")
struct SeldonProfilesTests {
  @Test("gives the service, the scheduler and the namespace, and says what it does not take over")
  func profile() throws {
    let text = #"""
      {"dataplane":{"inferHost":"mesh.example:9000","tls":true,"skipSSLVerify":true,"keyPath":"/k","crtPath":"/c","caPath":"/ca"},
       "controlplane":{"schedulerHost":"0.0.0.0:9004"},"kafka":{"bootstrap":"k:9092","namespace":"seldon-mesh"}}
      """#
    let (context, warnings) = try SeldonProfiles.context(named: "prod", parsing: Array(text.utf8))
    #expect(
      context.service
        == EndpointSettings(url: "https://mesh.example:9000", authority: "/ca", certificate: "/c", key: "/k"))
    #expect(context.scheduler == EndpointSettings(url: "http://127.0.0.1:9004"))
    #expect(context.kind == .seldonCore2)
    #expect(context.namespace == "seldon-mesh")
    #expect(warnings == ["skipSSLVerify of mesh.example:9000 is not taken over: name the authority's file as ca"])
  }

  @Test("with a plain mesh off this machine is taken over with a warning")
  func plain() throws {
    let (context, warnings) = try SeldonProfiles.context(
      named: "x", parsing: Array(#"{"dataplane":{"inferHost":"mesh.example:80"}}"#.utf8))
    #expect(context.service == EndpointSettings(url: "http://mesh.example:80", isInsecure: true))
    #expect(warnings.count == 1)
  }

  @Test("that is none is told")
  func wrong() {
    #expect(throws: Problem.self) { try SeldonProfiles(parsing: Array("[]".utf8)) }
    #expect(throws: Problem.self) { try SeldonProfiles.context(named: "x", parsing: Array("{}".utf8)) }
  }
}
