const libxmljs = require('libxmljs');
const { parseXml } = require('libxmljs2');
const he = require('he');

function importProducts(req) {
  // ruleid: javascript.xml.external-entities-enabled
  return libxmljs.parseXmlString(req.files.products.data.toString('utf8'), { noent: true, noblanks: true });
}

function importOrders(text) {
  // ruleid: javascript.xml.external-entities-enabled
  return parseXml(text, { noent: true });
}

function withDtd(text) {
  // ruleid: javascript.xml.external-entities-enabled
  return libxmljs.parseXml(text, { dtdload: true });
}

function good(text) {
  // ok: javascript.xml.external-entities-enabled
  return libxmljs.parseXml(text);
}

function explicit(text) {
  // ok: javascript.xml.external-entities-enabled
  return libxmljs.parseXmlString(text, { noent: false, nonet: true });
}

function decode(text) {
  // ok: javascript.xml.external-entities-enabled
  return he.decode(text, { isAttributeValue: true });
}
