const ldap = require('ldapjs');
const ldapEscape = require('ldap-escape');
const express = require('express');

const client = ldap.createClient({ url: 'ldap://directory' });
const app = express();

app.get('/person', (req, res) => {
  // ruleid: javascript.injection.ldap-from-request
  client.search('ou=people,dc=example,dc=com', { filter: `(uid=${req.query.uid})`, scope: 'sub' }, (err, found) => res.json(found));
});

function byMail(mail, done) {
  const filter = '(&(objectClass=person)(mail=' + mail + '))';
  // ruleid: javascript.injection.ldap-from-request
  client.search('dc=example,dc=com', { scope: 'sub', filter }, done);
}

app.post('/mail', (req, res) => {
  byMail(req.body.mail, (err, found) => res.json(found));
});

app.post('/login', (req, res) => {
  const dn = `uid=${req.body.user},ou=people,dc=example,dc=com`;
  // ruleid: javascript.injection.ldap-from-request
  client.bind(dn, req.body.password, (err) => res.sendStatus(err ? 401 : 204));
});

app.get('/person-object', (req, res) => {
  const filter = new ldap.EqualityFilter({ attribute: 'uid', value: req.query.uid });
  // ok: javascript.injection.ldap-from-request
  client.search('ou=people,dc=example,dc=com', { filter, scope: 'sub' }, (err, found) => res.json(found));
});

app.get('/person-escaped', (req, res) => {
  const filter = ldapEscape.filter`(uid=${req.query.uid})`;
  // ok: javascript.injection.ldap-from-request
  client.search('ou=people,dc=example,dc=com', { filter, scope: 'sub' }, (err, found) => res.json(found));
});

app.get('/all', (req, res) => {
  // ok: javascript.injection.ldap-from-request
  client.search('ou=people,dc=example,dc=com', { filter: '(objectClass=person)' }, (err, found) => res.json({ found, q: req.query.q }));
});
