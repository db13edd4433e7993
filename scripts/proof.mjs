// The proof of a bundle as software that nobody here wrote sees it: Digital Bazaar's Data Integrity library. Arguments:
// the bundle, the service's DID document. Exit 0 if the proof holds.
import { readFileSync } from "node:fs";
import { DataIntegrityProof } from "@digitalbazaar/data-integrity";
import { createVerifyCryptosuite } from "@digitalbazaar/eddsa-jcs-2022-cryptosuite";
import jsigs from "jsonld-signatures";

const [bundle, did] = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, "utf8")));

// Nothing is fetched: the DID document is the one given, and its keys are found in it.
async function documentLoader(url) {
  const method = did.verificationMethod.find(({ id }) => id === url);
  if (method) return { documentUrl: url, document: { "@context": "https://w3id.org/security/multikey/v1", ...method } };
  if (url === did.id) return { documentUrl: url, document: did };
  throw new Error(`unknown: ${url}`);
}

const suite = new DataIntegrityProof({ cryptosuite: createVerifyCryptosuite() });
const purpose = new jsigs.purposes.AssertionProofPurpose();
const result = await jsigs.verify(bundle, { suite, purpose, documentLoader });
if (!result.verified) console.error(`refused: ${result.error?.errors?.map(({ message }) => message).join("; ")}`);
process.exit(result.verified ? 0 : 1);
