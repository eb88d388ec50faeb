//! `rampart keys rotate`: everything sealed is sealed anew, with a new master key.

use rampart_kernel::config::Sources;
use rampart_kernel::{Id, Keys, Origin, Sealed, SealedColumn, SystemChance};
use rampart_store::{Row, Sql, Store};

use super::parts;
use super::settings::{OLD_KEYS_FILE, Settings};
use crate::exit;
use crate::failure::Failure;

/// Rows sealed anew in one transaction: some milliseconds of the writer, and the most that a kill undoes.
const BATCH: i64 = 20;

rampart_kernel::id! {
    /// A row with something sealed in it.
    RowId,
}

/// Makes a new key, unless an earlier run left something to do, and seals with it what is sealed with another.
///
/// The old key is kept until everything is sealed anew and beyond, as rows of the audit record can only be verified with the key of
/// their time. A run that is killed is gone on with by the next.
pub fn rotate() -> Result<u8, Failure> {
    let settings = Settings::load(Sources::of_environment())?;
    super::run(async {
        let store = super::open(&settings).await?;
        if !store.pending(&parts::migrations()).await.map_err(Failure::new)?.names.is_empty() {
            return Err(Failure::new("the database is of another version").hint("run `rampart migrate` first"));
        }
        let mut keys = settings.keys(false)?;
        let left = count_others(&store, &keys).await?;
        if left > 0 {
            println!("{left} values are sealed with an older key: going on with the key {}", keys.current_id());
        } else if settings.process.secret_key.is_some() {
            println!("everything is sealed with the key {}", keys.current_id());
            println!("For a new one, move SECRET_KEY to SECRET_KEYS_OLD, set another, and run this again.");
            return Ok(exit::DONE);
        } else {
            keys = settings.change_key()?;
            println!("the new key is {}; the old one is kept in {OLD_KEYS_FILE}", keys.current_id());
        }
        let origin = Origin::of_system("keys-rotate");
        let mut sealed = 0;
        for column in parts::sealed_columns() {
            sealed += seal_anew(&store, &origin, &keys, &column).await?;
        }
        let left = count_others(&store, &keys).await?;
        if left > 0 {
            let hint = "a server with the older key is still writing: stop it, and run this again";
            return Err(Failure::new(format!("{left} values are still sealed with an older key")).hint(hint));
        }
        println!("done: {sealed} values are sealed with the key {}", keys.current_id());
        println!(
            "Sessions and API tokens of before do not hold any more. Keep the old key: the audit record of its time needs it."
        );
        Ok(exit::DONE)
    })
}

/// How a value begins that is sealed with the key in use.
fn pattern(keys: &Keys) -> String {
    format!("v1:{}:%", keys.current_id())
}

/// How many values are sealed with another key than the one in use.
async fn count_others(store: &Store, keys: &Keys) -> Result<i64, Failure> {
    let mut count = 0;
    for SealedColumn { table, column, .. } in parts::sealed_columns() {
        let sql = Sql::new("SELECT COUNT(*) AS count FROM ").push(table).push(" WHERE ").push(column);
        let sql = sql.push(" NOT LIKE ").bind(pattern(keys));
        let row = store.read().await.map_err(Failure::new)?.get(sql.text(), sql.params()).await;
        count += row.and_then(|row| row.get::<i64>("count")).map_err(Failure::new)?;
    }
    Ok(count)
}

/// Seals the values of one column anew; how many.
async fn seal_anew(store: &Store, origin: &Origin, keys: &Keys, place: &SealedColumn) -> Result<u64, Failure> {
    let SealedColumn { table, column, row, .. } = *place;
    let (mut sealed, mut after) = (0, None::<RowId>);
    loop {
        let mut tx = store.begin(origin).await.map_err(Failure::new)?;
        let mut sql = Sql::new("SELECT ").push(row).push(" AS id, ").push(column).push(" AS value FROM ").push(table);
        sql = sql.push(" WHERE ").push(column).push(" NOT LIKE ").bind(pattern(keys));
        if let Some(after) = after {
            sql = sql.push(" AND ").push(row).push(" > ").bind(after);
        }
        sql = sql.push(" ORDER BY ").push(row).push(" LIMIT ").bind(BATCH).push(tx.for_update());
        let rows = tx.change(sql.text(), sql.params()).await.map_err(Failure::new)?;
        let Some(last) = rows.last() else { return Ok(sealed) };
        after = Some(last.get("id").map_err(Failure::new)?);
        let values: Vec<(RowId, Sealed)> = rows.iter().map(|row| anew(keys, place, row)).collect::<Result<_, _>>()?;
        let mut sql = Sql::new("UPDATE ").push(table).push(" SET ").push(column).push(" = CASE ").push(row);
        for (id, value) in &values {
            sql = sql.push(" WHEN ").bind(*id).push(" THEN ").bind(value.as_text());
        }
        sql = sql.push(" END WHERE ").push(row).push(" IN (").bind_all(values.iter().map(|(id, _)| *id)).push(")");
        sealed += tx.execute(sql.text(), sql.params()).await.map_err(Failure::new)?;
        tx.commit().await.map_err(Failure::new)?;
        println!("{table}.{column}: {sealed} values are sealed anew");
    }
}

fn anew(keys: &Keys, place: &SealedColumn, row: &Row) -> Result<(RowId, Sealed), Failure> {
    let id: RowId = row.get("id").map_err(Failure::new)?;
    let value: Sealed = row.get("value").map_err(Failure::new)?;
    let sealed = keys.reseal(&SystemChance, place.cell(id.uuid()), &value).map_err(|error| {
        let message = format!("{}.{} of {id} cannot be sealed anew: {error}", place.table, place.column);
        Failure::new(message)
            .hint("put the key it names into SECRET_KEYS_OLD; nothing is lost, and this can be run again")
    })?;
    Ok((id, sealed.unwrap_or(value)))
}
