//! Sealed streams: files of any length that open with their key only, whole, and in order.
//!
//! AES-256-GCM over chunks, as STREAM does it (Hoang, Reyhanitabar, Rogaway, Vizár: "Online Authenticated-Encryption and its
//! Nonce-Reuse Misuse-Resistance", 2015): the nonce is the number of the chunk and whether it is the last, so that none can be left
//! out, put elsewhere or cut off. A key is for one stream, which makes the nonces unique.

use std::io::{self, Read, Write};

use aes_gcm::aead::{Aead, KeyInit, Nonce, Payload};
use aes_gcm::{Aes256Gcm, Key};

use crate::DerivedKey;

/// Bytes of a chunk before sealing: what is held in memory, and what a change costs.
const CHUNK: usize = 64 << 10;
const TAG: usize = 16;

struct Cipher {
    cipher: Aes256Gcm,
    /// Bound to every chunk, such as a header that is readable without the key.
    context: Vec<u8>,
    count: u64,
}

impl Cipher {
    fn new(key: &DerivedKey, context: &[u8]) -> Cipher {
        let cipher = Aes256Gcm::new(&Key::<Aes256Gcm>::from(*key.bytes()));
        Cipher { cipher, context: context.to_vec(), count: 0 }
    }

    fn nonce(&mut self, last: bool) -> Nonce<Aes256Gcm> {
        let mut nonce = [0; 12];
        nonce[..8].copy_from_slice(&self.count.to_be_bytes());
        nonce[11] = u8::from(last);
        self.count += 1;
        Nonce::<Aes256Gcm>::from(nonce)
    }
}

/// Seals what is written to it. Without [`SealedWriter::finish`] what came out does not open.
pub struct SealedWriter<W: Write> {
    inner: W,
    cipher: Cipher,
    buffer: Vec<u8>,
}

impl<W: Write> SealedWriter<W> {
    /// `key` must be for this stream alone, as [`DerivedKey::for_one`] of something random makes one.
    pub fn new(inner: W, key: &DerivedKey, context: &[u8]) -> SealedWriter<W> {
        SealedWriter { inner, cipher: Cipher::new(key, context), buffer: Vec::with_capacity(CHUNK) }
    }

    fn seal(&mut self, last: bool) -> io::Result<()> {
        let nonce = self.cipher.nonce(last);
        let payload = Payload { msg: &self.buffer, aad: &self.cipher.context };
        let sealed = self.cipher.cipher.encrypt(&nonce, payload).expect("AES-GCM seals whatever fits into memory");
        self.buffer.clear();
        self.inner.write_all(&sealed)
    }

    /// Writes the last chunk.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        self.seal(true)?;
        self.inner.flush()?;
        Ok(self.inner)
    }
}

impl<W: Write> Write for SealedWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A full chunk waits for more: it may be the last.
        if self.buffer.len() == CHUNK {
            self.seal(false)?;
        }
        let taken = bytes.len().min(CHUNK - self.buffer.len());
        self.buffer.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Opens what a [`SealedWriter`] sealed. What does not open is an error of kind `InvalidData`; what was read before is genuine.
pub struct SealedReader<R: Read> {
    inner: R,
    cipher: Cipher,
    /// Sealed bytes: a chunk, and the first byte of the next, by which one sees that there is one.
    ahead: Vec<u8>,
    opened: Vec<u8>,
    given: usize,
    done: bool,
}

impl<R: Read> SealedReader<R> {
    pub fn new(inner: R, key: &DerivedKey, context: &[u8]) -> SealedReader<R> {
        let cipher = Cipher::new(key, context);
        SealedReader { inner, cipher, ahead: Vec::new(), opened: Vec::new(), given: 0, done: false }
    }

    fn open(&mut self) -> io::Result<()> {
        let wanted = (CHUNK + TAG + 1 - self.ahead.len()) as u64;
        self.inner.by_ref().take(wanted).read_to_end(&mut self.ahead)?;
        let last = self.ahead.len() <= CHUNK + TAG;
        let rest = self.ahead.split_off(self.ahead.len().min(CHUNK + TAG));
        let nonce = self.cipher.nonce(last);
        let payload = Payload { msg: &self.ahead, aad: &self.cipher.context };
        let opened = self.cipher.cipher.decrypt(&nonce, payload);
        let broken = || io::Error::new(io::ErrorKind::InvalidData, "it was changed or cut, or the key is another");
        self.opened = opened.map_err(|_| broken())?;
        (self.ahead, self.given, self.done) = (rest, 0, last);
        Ok(())
    }
}

impl<R: Read> Read for SealedReader<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        while self.given == self.opened.len() && !self.done {
            self.open()?;
        }
        let given = bytes.len().min(self.opened.len() - self.given);
        bytes[..given].copy_from_slice(&self.opened[self.given..self.given + given]);
        self.given += given;
        Ok(given)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{MasterKey, Purpose, SystemChance};

    fn key() -> DerivedKey {
        MasterKey::generate(&SystemChance).derive(Purpose::Backup)
    }

    fn seal(key: &DerivedKey, bytes: &[u8]) -> Vec<u8> {
        let mut writer = SealedWriter::new(Vec::new(), key, b"header");
        writer.write_all(bytes).unwrap();
        writer.finish().unwrap()
    }

    fn open(key: &DerivedKey, context: &[u8], sealed: &[u8]) -> io::Result<Vec<u8>> {
        let mut opened = Vec::new();
        SealedReader::new(sealed, key, context).read_to_end(&mut opened).map(|_| opened)
    }

    #[test]
    fn a_stream_of_any_length_opens_with_its_key_and_context_only() {
        let key = key();
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7] {
            let bytes: Vec<u8> = (0..length).map(|index| (index % 251) as u8).collect();
            let sealed = seal(&key, &bytes);
            assert_eq!(open(&key, b"header", &sealed).unwrap(), bytes, "{length}");
            assert!(open(&key, b"other", &sealed).is_err());
            assert!(open(&self::key(), b"header", &sealed).is_err());
        }
    }

    #[test]
    fn what_is_changed_cut_or_put_elsewhere_does_not_open() {
        let key = key();
        let sealed = seal(&key, &vec![7; 3 * CHUNK]);
        let chunk = CHUNK + TAG;
        let mut flipped = sealed.clone();
        flipped[chunk + 5] ^= 1;
        let swapped = [&sealed[chunk..2 * chunk], &sealed[..chunk], &sealed[2 * chunk..]].concat();
        let (cut, shortened) = (&sealed[..2 * chunk], &sealed[..sealed.len() - 1]);
        let longer = [&sealed[..], b"x"].concat();
        let left_out = [&sealed[..chunk], &sealed[2 * chunk..]].concat();
        for broken in [&flipped[..], &swapped, cut, shortened, &longer, &left_out, b""] {
            let error = open(&key, b"header", broken).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidData);
        }
    }
}
