const express = require('express');
const puppeteer = require('puppeteer');

const app = express();

app.get('/screenshot', async (req, res) => {
  const browser = await puppeteer.launch();
  const page = await browser.newPage();
  // ruleid: javascript.requests.browser-address-from-request
  await page.goto(req.query.url);
  res.end(await page.screenshot());
});

app.post('/pdf', async (req, res) => {
  const browser = await puppeteer.launch();
  const page = await browser.newPage();
  // ruleid: javascript.requests.browser-address-from-request
  await page.setContent(`<html>${req.body.html}</html>`);
  res.end(await page.pdf());
});

async function open(page, address) {
  // ruleid: javascript.requests.browser-address-from-request
  await page.goto(address, { waitUntil: 'load' });
}

app.get('/check', async (req, res) => {
  const page = await (await puppeteer.launch()).newPage();
  await open(page, 'http://' + req.query.host);
  res.json({ title: await page.title() });
});

app.get('/invoice/:id', async (req, res) => {
  const page = await (await puppeteer.launch()).newPage();
  // ok: javascript.requests.browser-address-from-request
  await page.goto(`https://shop.example.com/invoice/${req.params.id}`);
  res.end(await page.pdf());
});

app.get('/home', async (req, res) => {
  const page = await (await puppeteer.launch()).newPage();
  // ok: javascript.requests.browser-address-from-request
  await page.goto('https://shop.example.com/');
  res.json({ title: await page.title(), asked: req.query.url });
});

app.post('/letter', async (req, res) => {
  const page = await (await puppeteer.launch()).newPage();
  // ok: javascript.requests.browser-address-from-request
  await page.setContent(`<p>${escapeHtml(req.body.text)}</p>`);
  res.end(await page.pdf());
});
