import ConfigurationFile
import Domain
import Testing

@Suite("A catalogue")
struct CatalogueTests {
  static let text = """
    [models.wine]
    summary = "Which cultivar a wine is of"
    classes = ["Barolo", "Grignolino", "Barbera"]

    [models.wine.inputs.input]
    datatype = "fp64"
    shape = [-1, 2]
    features = ["alcohol", "ash"]
    units = ["%", "g/l"]
    ranges = [[11, 15.5], [1, 4]]

    [models."wine@2".outputs.predict_proba]
    classes = ["a", "b", "c"]

    [models.cargo.inputs.weight]
    datatype = "FP64"
    unit = "t"
    range = [0, 30.5]
    optional = true

    [models.cargo.inputs.goods]
    datatype = "BYTES"
    categories = ["food", "textiles"]

    [models.wine-drift]
    role = "drift"
    serves = "wine"
    stateless = true
    """

  @Test("completes models by name and by version, in the order of its lines")
  func whole() throws {
    let catalogue = try Catalogue(parsing: Array(Self.text.utf8))
    #expect(catalogue.names == ["wine", "cargo", "wine-drift"])
    #expect(catalogue.supplements(for: ModelID("wine", version: "1")).count == 1)
    #expect(catalogue.supplements(for: ModelID("wine", version: "2")).count == 2)
    let cargo = LayeredSignature(
      service: Signature(inputs: [], outputs: []), supplements: catalogue.supplements(for: ModelID("cargo"))
    ).signature
    #expect(cargo.fields.map(\.name) == ["weight", "goods"])
    #expect(cargo.fields[0].unit == "t")
    #expect(cargo.fields[0].range == 0...30.5)
    let drift = catalogue.supplements(for: ModelID("wine-drift"))[0].parameters
    #expect(drift == [.init("role", "drift"), .init("serves", "wine"), .init("stateless", true)])
  }

  @Test(
    "that is wrong says the line and what was meant",
    arguments: [
      ("[models.a]\nclases = [\"x\"]", "2: there is no setting \"clases\" in [models.a]; did you mean classes?"),
      ("[models.a.inputs.x]\ndatatype = \"FP322\"", "2: there is no datatype \"FP322\"; did you mean FP32?"),
      ("[models.a.inputs.x]\nshape = [-2]", "2: shape is no shape; write it as shape = [-1, 13]"),
      ("[models.a.inputs.x]\nrange = [3, 1]", "2: range is no range; write it as range = [0, 10]"),
      ("[models.a]\nrole = \"drft\"", "2: role cannot be \"drft\"; did you mean drift?"),
      ("[contexts.a]\nservice = \"https://a\"", "1: there is no setting \"contexts\" in the catalogue; it belongs"),
      ("[models]\na = 1", "2: a is no table of models"),
    ])
  func wrong(text: String, words: String) {
    let mistakes = #expect(throws: Mistakes.self) { try Catalogue(parsing: Array(text.utf8)) }
    let told = mistakes?.all.map { $0.text(in: "f") } ?? []
    #expect(told.contains { $0.hasPrefix("f:" + words) }, "\(told)")
  }
}
